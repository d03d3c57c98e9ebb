"""What agreement and conflict of numbers and plain words weigh, in bits.

A number that is unique where it belongs (a document's within its issuer, a VIN) names its thing: agreement weighs the
same however short it is. A number that many makers give (a serial, an engine's) weighs what it tells: few digits tell
little. Near numbers weigh what is left when one asks how often a number is misread, and how many other numbers, just
as real, lie as near. The figures are stated, not learned: no collection of confirmed misreadings is public.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import log2

from comity.domain.match import FieldMatch, Match
from comity.matching.numbered import Grade, Nearness, grade

# Of about eight million records one is meant: two to the power of 23.
PRIOR_BITS = -23.0
UNIQUE_BITS = 40.0  # agreement of a number that is unique in its scope
# Agreement of a number that is not, however long: makers give them in order, so that those in use lie close together.
SHARED_BITS_MAX = 24.0
SIGN_BITS = log2(10)
# What a near number loses. One sign in fifty is misread as one that looks like it, and where letters and digits have
# fixed places hardly another number is written so; one number in a hundred has another error, and of the fifty numbers
# of the same form that lie one edit away each may exist.
LOOK_ALIKE_COST = 16.0
LOOK_ALIKE_COST_MORE = 3.0  # for each further sign
ONE_EDIT_COST = 28.0
NEAR_SHARED_COST = {Nearness.LOOK_ALIKE: 8.0, Nearness.ONE_EDIT: 14.0}
# Someone who reads wrongly hits on a right check digit once in eleven times.
CHECK_DIGIT_BITS = log2(11)

Canonical = Callable[[str], str]


def probability(bits: float) -> float:
    """Of odds in bits (log2), between 0 and 1."""
    return float(1.0 / (1.0 + 2.0 ** -max(-60.0, min(60.0, bits))))


def as_match(lines: Iterable[FieldMatch | None], prior_bits: float = PRIOR_BITS) -> Match:
    """The lines of an explanation with their sum."""
    told = tuple(line for line in lines if line is not None)
    bits = prior_bits + sum(line.bits for line in told)
    return Match(probability=probability(bits), bits=bits, fields=told)


def information(number: str) -> float:
    """The bits that a canonical number carries: a sign 3.3, and one where it only repeats or counts on.

    A letter no more than a digit: makers use few of them, and in blocks.
    """
    steps = [ord(two) - ord(one) for one, two in pairwise(number)]
    foretold = {place + 2 for place, (one, two) in enumerate(pairwise(steps)) if one == two and one in (-1, 0, 1)}
    return min(SHARED_BITS_MAX, sum(1.0 if at in foretold else SIGN_BITS for at in range(len(number))))


def unique_number(
    field: str, asked: str, found: str, canonical: Canonical, near: bool, conflict_bits: float
) -> FieldMatch | None:
    """One line on a number that is unique in its scope; None where either side has none."""
    one, other = canonical(asked), canonical(found)
    if not one or not other:
        return None
    return graded(field, asked, found, _grade(one, other, near), _unique_bits, conflict_bits)


def shared_number(
    field: str, asked: str, found: str, canonical: Canonical, near: bool, conflict_bits: float
) -> FieldMatch | None:
    """One line on a number that things of other makers may bear too; None where either side has none."""
    one, other = canonical(asked), canonical(found)
    if not one or not other:
        return None
    told = min(information(one), information(other))

    def bits(how: Grade) -> float:
        return max(0.0, told - NEAR_SHARED_COST.get(how.nearness, 0.0) - _more(how))

    return graded(field, asked, found, _grade(one, other, near), bits, conflict_bits)


def graded(
    field: str, asked: str, found: str, how: Grade | None, bits: Callable[[Grade], float], conflict_bits: float
) -> FieldMatch:
    """The line for a grade; without one the two are in conflict."""
    if how is None:
        return FieldMatch(field=field, bits=conflict_bits, how="conflict", asked=asked, found=found)
    return FieldMatch(
        field=field, bits=bits(how), how=how.nearness.value, asked=asked, found=found, differs=how.differences
    )


Same = Callable[[str, str], bool]


def word(
    field: str, asked: str, found: str, same: Same, agreement_bits: float, conflict_bits: float
) -> FieldMatch | None:
    """One line on a make, a colour, a flag; None where either side does not state it."""
    if not asked or not found:
        return None
    bits, how = (agreement_bits, "exact") if same(asked, found) else (conflict_bits, "conflict")
    return FieldMatch(field=field, bits=bits, how=how, asked=asked, found=found)


def never(one: str, other: str) -> bool:
    """Of two that are known to differ, whatever is written."""
    return False


def is_hit(line: FieldMatch | None) -> bool:
    """Whether a number's line is an agreement of any grade."""
    return line is not None and line.how in NEARNESSES


def is_exact(line: FieldMatch | None) -> bool:
    return line is not None and line.how == Nearness.EXACT


def is_near(line: FieldMatch | None) -> bool:
    """An agreement, but not of every sign."""
    return is_hit(line) and not is_exact(line)


def only_near(match: Match) -> bool:
    """Whether no number of the two agrees in every sign, though one is near."""
    found_by = [line for line in match.fields if line.field in NUMBER_FIELDS]
    return any(map(is_near, found_by)) and not any(map(is_exact, found_by))


# Lines on what a record is found by: its numbers, and a vessel's name.
NUMBER_FIELDS = frozenset(
    """
    number vin plate engine_number serial imo hull_number eni mmsi call_sign registration name
    """.split()  # noqa: SIM905
)
NEARNESSES = frozenset(Nearness)
# Every code that a line on a document or thing may have; docs/numbers.md says what each means.
HOWS = NEARNESSES | frozenset(
    ("conflict", "related", "part", "not-stated", "obliterated", "asked-wrong", "both-right", "appended")
)


def _grade(asked: str, found: str, near: bool) -> Grade | None:
    # Near answers are for those who asked for them. Falls without it: tests/matching/test_things.py
    return grade(asked, found) if near or asked == found else None


def _unique_bits(how: Grade) -> float:
    match how.nearness:
        case Nearness.EXACT:
            return UNIQUE_BITS
        case Nearness.LOOK_ALIKE:
            return max(0.0, UNIQUE_BITS - LOOK_ALIKE_COST - _more(how))
        case Nearness.ONE_EDIT:
            return max(0.0, UNIQUE_BITS - ONE_EDIT_COST - _more(how))


def _more(how: Grade) -> float:
    return LOOK_ALIKE_COST_MORE * max(0, len(how.differences) - 1)


def check_digit_line(asked_passes: bool, found_passes: bool) -> FieldMatch | None:
    """What check digits say of a near number: evidence on whether it was misread, never a repair.

    None where the recorded number has no right check digit to compare with.
    """
    if not found_passes:
        return None
    if asked_passes:
        return FieldMatch(field="check-digit", bits=-CHECK_DIGIT_BITS, how="both-right")
    return FieldMatch(field="check-digit", bits=CHECK_DIGIT_BITS, how="asked-wrong")
