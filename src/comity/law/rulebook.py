"""The parameters that lawyers set, read from the rulebook's files and checked to be complete."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.collection import COLLECTIONS
from comity.domain.document import TravelDocument
from comity.domain.errors import Invalid, Missing
from comity.domain.firearm import Firearm
from comity.domain.instrument import Clause, Reply
from comity.domain.marking import Confidentiality, Handling
from comity.domain.person import Person, PersonStatus, RecordPurpose
from comity.domain.purpose import Purpose
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.law import shipped, words
from comity.law.onboarding import CEREMONY, Item
from comity.law.oversight import DEFAULT, ENTRY_KINDS, WATCHERS, OpeningTerm, Watching
from comity.law.telling import Telling
from comity.law.toml_text import read

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
NUL = b"\0"
ENDINGS = ("case", "message")  # of cases.toml
_Value = TypeVar("_Value")
KINDS: dict[str, type[Struct]] = {
    "person": Person,
    "document": TravelDocument,
    "vehicle": Vehicle,
    "firearm": Firearm,
    "vessel": Vessel,
}


class Organisation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Code
    title: Text
    source: Text
    rules: Annotated[tuple[Clause, ...], Meta(min_length=1)]


class Keeping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a collection keeps a record, and how long before the end its owner looks at it again."""

    years: Annotated[int, Meta(ge=1, le=limits.RETENTION_YEARS_MAX)]
    review_months_before: Annotated[int, Meta(ge=0, le=120)]
    source: Text


class Ending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long a case is kept once closed, an unfiled message once it came, and when people are told before."""

    years: Annotated[int, Meta(ge=1, le=limits.RETENTION_YEARS_MAX)]
    review_days_before: Annotated[int, Meta(ge=0, le=366)]
    source: Text


class Remembering(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long, in days, a question of one purpose is kept, may be watched, and waits with what was found."""

    kept_days: Annotated[int, Meta(ge=0, le=366)]
    watch_days_max: Annotated[int, Meta(ge=0, le=3_660)]
    queue_days: Annotated[int, Meta(ge=0, le=366)]
    source: Text


class Meaning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a code means, in words, and where that is laid down."""

    text: Text
    source: Text


class Secrecy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which roles see a record of one level of confidentiality (none named: all), and what all others get."""

    roles: tuple[Role, ...] = ()
    others: Reply | None = None  # None: nothing, as though the record were absent
    source: Text


class HandlingCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    obligation: Code
    source: Text


class Protection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person of one status is shown, so that nobody takes them for wanted."""

    least: Reply  # told at least this far, so that the status stands beside the name, or not at all
    hides: tuple[Code, ...] = ()  # fields that are never shown
    hides_purposes: tuple[RecordPurpose, ...] = ()  # a purpose that is never shown, nor its action
    source: Text


class Kind(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The core of one kind of subject: its fields, and the lines of a match that tell no more than these."""

    fields: tuple[Code, ...]
    match: tuple[Code, ...]
    source: Text


class Rulebook(Struct, frozen=True, kw_only=True):
    text: bytes  # all files as one: name and text in turns, with NUL between, which no TOML text holds
    digest: str  # SHA-256 (hex) of it
    organisation: Organisation
    retention: Mapping[str, Keeping]
    retention_by_status: Mapping[str, Mapping[str, Keeping]]  # by collection: other periods where a status sets them
    cases: Mapping[str, Ending]
    lookups: Mapping[str, Remembering]
    purposes: Mapping[str, Meaning]
    obligations: Mapping[str, Meaning]
    confidentiality: Mapping[str, Secrecy]
    handling: Mapping[str, HandlingCode]
    statuses: Mapping[str, Protection]
    core: Mapping[str, Kind]
    onboarding: Mapping[str, Item]
    oversight: Mapping[str, Watching]
    disclosures: Mapping[str, Telling]
    openings: Mapping[str, OpeningTerm]

    def __hash__(self) -> int:
        return hash(self.digest)

    def obligation(self, code: str) -> str:
        """What an obligation says, with its figure; a condition in the source's own words is returned as it is."""
        name, _, figure = code.partition(" ")
        found = self.obligations.get(name)
        # A condition may begin with a word that is a code. Falls without it: tests/law/test_duties.py
        if found is None or ("{}" in found.text) != bool(figure):
            return code
        return (_with_figure(found.text, figure) or code) if figure else found.text


def _with_figure(text: str, figure: str) -> str:
    """`{} days` as a lawyer writes so many, `{}` alone as the names of parties; '' where that is no figure."""
    for slot, told in (("{} days", words.days), ("{} hours", words.hours)):
        if slot in text:
            return text.replace(slot, told(int(figure))) if figure.isdecimal() else ""
    return text.format(words.parties(figure.split(", ")))


@cache
def shipped_rulebook() -> Rulebook:
    """The rulebook that comes with Comity."""
    return read_rulebook(shipped.folder("rulebook"))


def read_rulebook(folder: Path) -> Rulebook:
    """The rulebook in that folder, complete and without unknown codes. Raises Invalid with file and line."""

    def text(name: str) -> bytes | None:
        path = folder / f"{name}.toml"
        return path.read_bytes() if path.is_file() else None

    return _read(text)


def kept_rulebook(text: bytes) -> Rulebook:
    """The rulebook from its one text, as it is kept for replays. Raises Invalid where this release cannot read it."""
    parts = text.split(NUL)
    files = dict(zip(parts[::2], parts[1::2], strict=False))

    try:
        return _read(lambda name: files.get(name.encode()))
    except Missing as lost:  # what cannot be read says so as everything unreadable does
        raise Invalid(lost.what, do=lost.do) from None


def kept_periods(text: bytes) -> tuple[Mapping[str, Keeping], Mapping[str, Mapping[str, Keeping]]]:
    """Of a rulebook as it is kept, how long it kept what, by collection and by status in it.

    Also of one that knew fewer collections than there are now, and so cannot be read as a whole.
    """
    parts = text.split(NUL)
    files = dict(zip(parts[::2], parts[1::2], strict=False))
    by_collection = read(files.get(b"retention", b""), "retention.toml", dict[str, Keeping])
    by_status = read(files.get(b"retention_by_status", b""), "retention_by_status.toml", dict[str, dict[str, Keeping]])
    return by_collection, by_status


def files_of(book: Rulebook) -> dict[str, str]:
    """Its files by name, as the organisation publishes them."""
    parts = [part.decode("utf-8") for part in book.text.split(NUL)]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _read(text: Callable[[str], bytes | None]) -> Rulebook:
    shelf = _Shelf(text)
    book = Rulebook(
        organisation=shelf.read("roles", Organisation),
        retention=shelf.table("retention", Keeping, every=COLLECTIONS),
        retention_by_status=_by_status(shelf),
        cases=shelf.table("cases", Ending, every=ENDINGS, or_shipped=True),
        lookups=shelf.table("lookups", Remembering, every=Purpose),
        purposes=shelf.table("purposes", Meaning, every=Purpose),
        obligations=shelf.table("obligations", Meaning),
        confidentiality=shelf.table("confidentiality", Secrecy, every=Confidentiality),
        handling=shelf.table("handling", HandlingCode, every=Handling),
        statuses=shelf.table("statuses", Protection, known=PersonStatus),
        core=shelf.table("core", Kind, every=KINDS),
        onboarding=shelf.table("onboarding", Item, or_shipped=True),
        oversight=shelf.table("oversight", Watching, every=WATCHERS, or_shipped=True),
        disclosures=shelf.table("disclosures", Telling, every=Purpose, or_shipped=True),
        openings=shelf.table("openings", OpeningTerm, every=(DEFAULT,), known=ENTRY_KINDS, or_shipped=True),
        text=(whole := shelf.whole()),
        digest=hashlib.sha256(whole).hexdigest(),
    )
    _check_fields(book)
    _check_obligations(book)
    _check_watches(book)
    _check_onboarding(book)
    _check_oversight(book)
    return book


def _by_status(shelf: "_Shelf") -> dict[str, dict[str, Keeping]]:
    return read_by_status(shelf.text_or_shipped("retention_by_status"))


def read_by_status(text: bytes) -> dict[str, dict[str, Keeping]]:
    """Raises Invalid for a collection that does not exist."""
    name = "retention_by_status.toml"
    found = read(text, name, dict[str, dict[str, Keeping]])
    if unknown := sorted(set(found) - set(COLLECTIONS)):
        raise Invalid(f"{', '.join(unknown)} is no collection.", where=name, do="Correct or remove it.")
    return found


class _Shelf:
    """The files of one rulebook, by name, and all that was read of them."""

    def __init__(self, source: Callable[[str], bytes | None]) -> None:
        self.source = source
        self.texts: dict[str, bytes] = {}

    def read(self, name: str, type: type[_Value]) -> _Value:
        return read(self.text(name), f"{name}.toml", type)

    def table(
        self,
        name: str,
        type: type[_Value],
        every: Iterable[str] = (),
        known: Iterable[str] = (),
        or_shipped: bool = False,
    ) -> dict[str, _Value]:
        """One table per code. `every` code must be there and no other; of `known` ones some may be."""
        text = self.text_or_shipped(name) if or_shipped else self.text(name)
        found = read(text, f"{name}.toml", dict[str, type])  # type: ignore[valid-type]
        must = set(every)
        may = must | set(known)
        if missing := sorted(must - set(found)):
            raise Invalid(f"{', '.join(missing)} is missing.", where=f"{name}.toml", do="Add a table for it.")
        if may and (unknown := sorted(set(found) - may)):
            raise Invalid(f"{', '.join(unknown)} is not known.", where=f"{name}.toml", do="Correct or remove it.")
        return found

    def whole(self) -> bytes:
        return NUL.join(name.encode() + NUL + self.texts[name] for name in sorted(self.texts))

    def text_or_shipped(self, name: str) -> bytes:
        """As the rulebook has it; one of an earlier release has no such file, and then the shipped one holds."""
        if self.source(name) is None:
            return (shipped.folder("rulebook") / f"{name}.toml").read_bytes()
        return self.text(name)

    def text(self, name: str) -> bytes:
        found = self.source(name)
        if found is None:
            raise Missing(f"The rulebook has no file {name}.toml.", do="Restore it from the release that wrote it.")
        self.texts[name] = found
        return found


def _check_fields(book: Rulebook) -> None:
    """A field that no subject has would silently protect nothing."""
    for kind, core in book.core.items():
        _known(core.fields, KINDS[kind].__struct_fields__, f"core.toml {kind}")
    for status, protection in book.statuses.items():
        _known(protection.hides, Person.__struct_fields__, f"statuses.toml {status}")


def _check_obligations(book: Rulebook) -> None:
    _known((code.obligation for code in book.handling.values()), book.obligations, "handling.toml")
    for rule in book.organisation.rules:
        _known(rule.obligations, book.obligations, f"roles.toml {rule.id}")


def _check_watches(book: Rulebook) -> None:
    for purpose, rule in book.lookups.items():
        if rule.watch_days_max and not rule.kept_days:
            raise Invalid(
                "A watch is a question that is kept.",
                where=f"lookups.toml {purpose}",
                do="Set kept_days to 1 at least, or watch_days_max to 0.",
            )


def _check_onboarding(book: Rulebook) -> None:
    # Whoever approves a member signs for it, and a checklist without it would let members in whom nobody called.
    # Falls without it: tests/law/test_rulebook.py
    if CEREMONY not in book.onboarding:
        raise Invalid(f"{CEREMONY} is missing.", where="onboarding.toml", do="Add a table for it.")


def _check_oversight(book: Rulebook) -> None:
    for role, watching in book.oversight.items():
        _known(watching.kinds, ENTRY_KINDS, f"oversight.toml {role}")


def _known(codes: Iterable[str], known: Collection[str], where: str) -> None:
    for code in codes:
        if code not in known:
            raise Invalid(f"{code!r} is not known.", where=where, do=f"Use one of {', '.join(known)}.")
