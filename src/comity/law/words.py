"""How the law speaks: codes and figures in the words in which a lawyer reads them aloud."""

from collections.abc import Collection, Iterable

from comity.domain.circumstances import EntityKind, Harm, Nature, RefusalGround, Trait
from comity.domain.country import country_name
from comity.domain.language import LANGUAGES

ENTITIES = {
    EntityKind.BUREAU: "the bureau",
    EntityKind.POLICE: "the police",
    EntityKind.BORDER_GUARD: "the border guard",
    EntityKind.COAST_GUARD: "the coast guard",
    EntityKind.CUSTOMS: "the customs",
    EntityKind.IMMIGRATION: "the immigration office",
    EntityKind.PROSECUTOR: "a prosecutor",
    EntityKind.COURT: "a court",
    EntityKind.FINANCIAL_INTELLIGENCE: "the financial intelligence unit",
    EntityKind.INTERNATIONAL: "an international body",
}
HARMS = {Harm.DEATH_PENALTY: "the death penalty", Harm.TORTURE: "torture"}
# what an owner invokes
GROUNDS = {
    RefusalGround.SOVEREIGNTY: "its sovereignty",
    RefusalGround.SECURITY: "its security",
    RefusalGround.ESSENTIAL_INTERESTS: "other essential interests",
    RefusalGround.ONGOING_CASE: "a case of its own that is not over",
    RefusalGround.LIFE_OR_SAFETY: "somebody's life or safety",
    RefusalGround.DOUBLE_JEOPARDY: "that the person was judged for the same before",
    RefusalGround.NOT_PROPORTIONATE: "that what is asked is out of proportion",
}
TRAITS = {Trait.MINOR: "of a minor", Trait.VICTIM: "of a victim or witness", Trait.SENSITIVE: "of sensitive matter"}
_MINUTES = (("day", 60 * 24), ("hour", 60), ("minute", 1))


def listed(values: Iterable[str], joint: str = "") -> str:
    """`a, b, c`, or `a, b or c`."""
    named = list(values)
    if not joint or len(named) < 2:
        return ", ".join(named)
    return f"{', '.join(named[:-1])} {joint} {named[-1]}"


def party_name(party: str) -> str:
    """`Bergenia`; an organisation by its own name."""
    return country_name(party) if party.isupper() else party


def parties(codes: Iterable[str], joint: str = "or") -> str:
    return listed(map(party_name, codes), joint)


def spoken(code: str) -> str:
    """`wanted persons`, of `wanted-persons`."""
    return code.replace("-", " ")


def spoken_list(codes: Iterable[str], joint: str = "and") -> str:
    return listed(map(spoken, codes), joint)


def article(noun: str) -> str:
    """`an officer`, `a duty officer`."""
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def roles(codes: Iterable[str], joint: str = "or") -> str:
    """`an officer or a duty officer`; a system asks for an officer."""
    return listed((article(spoken(code)) for code in codes), joint)


def entities(codes: Iterable[EntityKind], joint: str = "or") -> str:
    return listed((ENTITIES[code] for code in codes), joint)


def languages(codes: Iterable[str], joint: str = "or") -> str:
    """`English or French`; a language whose name is not known by its code."""
    return listed((LANGUAGES.get(code, f"the language “{code}”") for code in codes), joint)


def natures(codes: Iterable[Nature], joint: str = "or") -> str:
    return listed(codes, joint)


def traits(codes: Collection[Trait]) -> str:
    """`of a minor or of sensitive matter`."""
    return listed((TRAITS[one] for one in codes), "or")


def grounds(codes: Iterable[RefusalGround], joint: str = "or") -> str:
    return listed((GROUNDS[one] for one in codes), joint)


def count(number: int, unit: str) -> str:
    """`1 day`, `1,000 days`."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def months(number: int) -> str:
    """`18 months`, `2 years`."""
    return count(number // 12, "year") if number and number % 12 == 0 else count(number, "month")


def days(number: int) -> str:
    """`90 days`, `5 years (1,825 days)`: a year is 365 days, and the figure is what counts."""
    whole = count(number, "day")
    return f"{count(number // 365, 'year')} ({whole})" if number % 365 == 0 else whole


def hours(number: int) -> str:
    """`1 hour`, `72 hours`: deadlines are told in the hours in which they were agreed."""
    return count(number, "hour")


def minutes(number: int) -> str:
    """`30 minutes`, `8 hours`, `2 days`."""
    unit, size = next((unit, size) for unit, size in _MINUTES if number % size == 0)
    return count(number // size, unit)
