"""A comparison of two persons on the screen, from the odds before it down to the probability."""

import msgspec

from comity.cli.common import tell
from comity.domain.errors import Invalid
from comity.domain.match import Match, WordMatch


def tell_match(match: Match, prior_bits: float) -> None:
    """The waterfall: from the odds before anything was compared, field by field, to the probability."""
    reached = prior_bits
    tell(f"{'before comparing':24} {reached:+7.1f} bits {_odds(reached):7.1%}")
    for field in match.fields:
        reached += field.bits
        told = f"{field.asked} | {field.found}"
        tell(f"{f'{field.field} {field.how}':24} {field.bits:+7.1f} bits {_odds(reached):7.1%}   {told}")
        for word in field.words:
            tell(f"    {_word(word)}")
    tell(f"probability {match.probability:.4f}, {match.bits:+.1f} bits")


def _word(word: WordMatch) -> str:
    """How one word answers to another, and how rare it is."""
    read = f", read as {word.read_as}" if word.read_as else ""
    rare = f", one name word in {word.one_in:,}" if word.one_in else ""
    return f"{word.asked or '–'} | {word.found or '–'}: {word.how}{read}{rare}"


def _odds(bits: float) -> float:
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))


def side_of(told: str, where: str) -> object:
    if not told.lstrip().startswith("{"):
        return {"name": told}
    try:
        return msgspec.json.decode(told)
    except msgspec.DecodeError as wrong:
        raise Invalid(f"This is no JSON: {wrong}", where=where, do='Write a name, or {"name": ...}.') from None
