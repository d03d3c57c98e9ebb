"""An answer as a page shows it: hits first, each beside what was asked; then every source with how it stands."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from comity.domain.lookup import Answer, Finding, Outcome, Query, Reason, SourceAnswer, each_hit
from comity.domain.match import FieldMatch
from comity.domain.person import Person, PersonWarning, Sex
from comity.domain.record import Subject
from comity.law.standing import HELD_CLAUSE

LIKELY_FROM = 0.9  # probability; below it a person is only possibly the one asked for
COUNTRIES = frozenset({"country", "plate_country", "stolen_in", "made_in", "missing_in", "flag", "birth_country"})
_OF_PERSONS = {"names": "name", "births": "birth", "nationalities": "nationality", "birth_place": "place"}
_SHOWN_APART = frozenset({"warnings", "action", "sensitive"})
# a field of the subject: that of the question, and of the match, where these are called otherwise
_ASKED_AS = {"name": "name", "place": "place", "document": "document_number", "height": "height_cm"}


# scripts by the first word of their letters' names in Unicode: their tags (ISO 15924)
SCRIPTS = {
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "CJK": "Hani",
    "HANGUL": "Hang",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "THAI": "Thai",
}


class Told(Struct, frozen=True):
    """One value: `kind` is "text", "country" or "word" (of a vocabulary)."""

    text: str
    kind: str = "text"

    @property
    def language(self) -> str:
        """Its language as BCP 47 has it, as far as its script tells it; '' for Latin."""
        scripts = (unicodedata.name(sign, "").partition(" ")[0] for sign in self.text if sign.isalpha())
        return next((f"und-{SCRIPTS[one]}" for one in scripts if one in SCRIPTS), "")


class Words(Struct, frozen=True):
    """How an answer's codes are said: a member's name, what obligations ask."""

    name_of: Callable[[str], str]
    owed: Callable[[Sequence[str]], tuple[str, ...]]


class Line(Struct, frozen=True, kw_only=True):
    """A field: what was asked, what is recorded, and how the two compared; None where they were not."""

    field: str
    asked: Told | None = None
    found: tuple[Told, ...] = ()
    compared: FieldMatch | None = None


class ShownHit(Struct, frozen=True, kw_only=True):
    """`likelihood` is "exact", "likely" or "possible", "" where only the hit was told."""

    finding: Finding
    owner: str  # by name, as is who told of it
    told_by: tuple[str, ...]
    is_own: bool
    likelihood: str
    warnings: tuple[PersonWarning, ...]
    action: str
    lines: tuple[Line, ...]
    owed: tuple[str, ...]

    @property
    def is_bare(self) -> bool:
        return self.finding.subject is None

    @property
    def status(self) -> StrEnum | None:
        """Why it is in the file: stolen, wanted, missing ..."""
        subject = self.finding.subject
        found = getattr(subject, "fraud", None) or getattr(subject, "status", None)
        return found if isinstance(found, StrEnum) else None


class Source(Struct, frozen=True, kw_only=True):
    """`state` is an outcome, or "held": it will be answered when somebody there has looked at the question."""

    id: str
    name: str
    state: str
    count: int
    more: bool
    reason: Reason | None
    took_ms: float


class ShownAnswer(Struct, frozen=True, kw_only=True):
    query: Query
    question: str
    hits: tuple[ShownHit, ...]
    sources: tuple[Source, ...]
    took_ms: float

    def of(self, *states: str) -> list[Source]:
        return [one for one in self.sources if one.state in states]

    @property
    def states(self) -> list[tuple[str, list[Source]]]:
        return [(state, found) for state in (*Outcome, "held") if (found := self.of(state))]


def shown(query: Query, answer: Answer, words: Words) -> ShownAnswer:
    here = answer.sources[0].source  # a node answers itself first
    hits = [shown_hit(query, finding, here, told_by, words) for finding, told_by in each_hit(answer)]
    return ShownAnswer(
        query=query,
        question=answer.question,
        hits=tuple(sorted(hits, key=_urgency)),
        sources=tuple(source(one, words.name_of) for one in answer.sources),
        took_ms=answer.took_ms,
    )


def _urgency(hit: ShownHit) -> tuple[bool, float]:
    """Who may be armed comes first, then the likeliest; one whose content is not told before all that are doubtful."""
    probability = hit.finding.match.probability if hit.finding.match else LIKELY_FROM
    return not hit.warnings, -probability


def shown_hit(query: Query, finding: Finding, here: str, told_by: Iterable[str], words: Words) -> ShownHit:
    subject = finding.subject
    person = subject if isinstance(subject, Person) else Person()
    return ShownHit(
        finding=finding,
        owner=words.name_of(finding.owner),
        told_by=tuple(map(words.name_of, told_by)),
        is_own=finding.owner == here,
        likelihood=likelihood(finding),
        warnings=person.warnings,
        action=person.action,
        lines=tuple(lines(query, finding, subject)) if subject else (),
        owed=words.owed(finding.obligations),
    )


def likelihood(finding: Finding) -> str:
    match = finding.match
    if match is None:
        return ""
    if isinstance(finding.subject, Person):
        return "likely" if match.probability >= LIKELY_FROM else "possible"
    near = any(line.how in ("look-alike", "one-edit", "conflict", "asked-wrong") for line in match.fields)
    return "possible" if near else "exact"


def source(answer: SourceAnswer, name_of: Callable[[str], str]) -> Source:
    held = answer.outcome is Outcome.REFUSED and answer.reason and answer.reason.clause == HELD_CLAUSE
    return Source(
        id=answer.source,
        name=name_of(answer.source),
        state="held" if held else answer.outcome.value,
        count=len(answer.findings),
        more=answer.more,
        reason=answer.reason,
        took_ms=answer.took_ms,
    )


def lines(query: Query, finding: Finding, subject: Subject) -> Iterable[Line]:
    """Every field that the record or the question has, in the order of the record; nothing that was not told."""
    compared = {line.field: line for line in (finding.match.fields if finding.match else ())}
    for field, values in fields(subject):
        asked = asked_as(query, field)
        line = compared.get(field) or compared.get("number" if field in ("number", "serial") else field)
        if values or asked:
            yield Line(field=field, asked=asked, found=tuple(values), compared=line)


def asked_as(query: Query, field: str) -> Told | None:
    value = getattr(query, _ASKED_AS.get(field, field), "")
    found = list(_told(field, value))
    return found[0] if found else None


def fields(subject: Subject) -> Iterable[tuple[str, list[Told]]]:
    for name in subject.__struct_fields__:
        if name in _SHOWN_APART:
            continue
        value = getattr(subject, name)
        if name == "description":
            yield from ((key, list(_told(key, one))) for key, one in _described(value))
        elif name == "documents":
            yield "document", [Told(" ".join(filter(None, (one.number, one.country)))) for one in value]
        else:
            yield _OF_PERSONS.get(name, name), list(_told(name, value))


def _described(description: Any) -> Iterable[tuple[str, Any]]:
    for name in description.__struct_fields__:
        unit = name.partition("_")[2]
        value = getattr(description, name)
        yield name.partition("_")[0], f"{value} {unit}" if unit and value else value


def _told(field: str, value: Any) -> Iterable[Told]:
    """The texts of a value; none where it is empty."""
    match value:
        case tuple():
            for one in value:
                yield from _told(field, one)
        case None | "" | 0 | False | Sex.UNSPECIFIED:
            return
        case True:
            yield Told("yes", "word")
        case StrEnum():
            yield Told(value, "word")
        case msgspec.Struct():
            yield Told(getattr(value, "full", "") or " · ".join(_texts(value)))
        case _:
            is_country = field in COUNTRIES or field == "nationalities" or field == "nationality"
            yield Told(str(value), "country" if is_country else "text")


def _texts(value: msgspec.Struct) -> Iterable[str]:
    return (str(one) for one in msgspec.structs.astuple(value) if one)
