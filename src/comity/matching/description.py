"""Height, eyes and hair: how a description asked for and a recorded one compare."""

from comity.domain.lookup import PersonQuery
from comity.domain.match import FieldMatch
from comity.domain.person import Description
from comity.matching.vehicles import colour

# Stated, not learned. Witnesses and records err by some centimetres; hair is dyed, and turns grey.
HEIGHT_SAME_CM, HEIGHT_NEAR_CM = 5, 10
HEIGHT_BITS, HEIGHT_CONFLICT_BITS = 1.4, -2.0
EYES_BITS, EYES_CONFLICT_BITS = 1.0, -1.5
HAIR_BITS, HAIR_CONFLICT_BITS = 1.0, -0.7


def described(query: PersonQuery, description: Description) -> tuple[FieldMatch, ...]:
    """A line for each of them that both sides have."""
    lines = (
        _height(query.height_cm, description.height_cm),
        _colour("eyes", query.eyes, description.eyes, EYES_BITS, EYES_CONFLICT_BITS),
        _colour("hair", query.hair, description.hair, HAIR_BITS, HAIR_CONFLICT_BITS),
    )
    return tuple(line for line in lines if line)


def _height(asked: int, found: int) -> FieldMatch | None:
    if not (asked and found):
        return None
    apart = abs(asked - found)
    bits, how = (0.0, "near") if apart <= HEIGHT_NEAR_CM else (HEIGHT_CONFLICT_BITS, "conflict")
    if apart <= HEIGHT_SAME_CM:
        bits, how = HEIGHT_BITS, "exact"
    return FieldMatch(field="height", bits=bits, how=how, asked=f"{asked} cm", found=f"{found} cm")


def _colour(field: str, asked: str, found: str, bits: float, conflict_bits: float) -> FieldMatch | None:
    if not (asked.strip() and found.strip()):
        return None
    same = colour(asked) == colour(found)
    how = "exact" if same else "conflict"
    return FieldMatch(field=field, bits=bits if same else conflict_bits, how=how, asked=asked, found=found)
