"""A person in a record: who it is, how to recognise them, why police know them."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date
from comity.domain.document import DocumentType

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
NameText = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"
    UNSPECIFIED = "U"


class NameKind(StrEnum):
    MAIN = "main"
    ALIAS = "alias"
    WEAK_ALIAS = "weak-alias"  # the source itself doubts it
    BIRTH = "birth"
    ORIGINAL_SCRIPT = "original-script"
    FALSE_IDENTITY = "false-identity"


class PersonStatus(StrEnum):
    """Why the person is in the file; victims and witnesses never show as wanted."""

    WANTED = "wanted"
    CONVICTED = "convicted"
    SUSPECT = "suspect"
    CRIMINAL_HISTORY = "criminal-history"
    WITNESS = "witness"
    VICTIM = "victim"
    MISSING = "missing"
    UNIDENTIFIED_PERSON = "unidentified-person"
    UNIDENTIFIED_BODY = "unidentified-body"
    POSSIBLE_THREAT = "possible-threat"
    SANCTIONED = "sanctioned"


class RecordPurpose(StrEnum):
    """What the source wants done with the record."""

    ARREST = "arrest"
    LOCATE = "locate"
    INFORM = "inform"
    IDENTIFY = "identify"
    WARN = "warn"
    CHECK_DISCREETLY = "check-discreetly"
    SANCTION = "sanction"


class PersonWarning(StrEnum):
    ARMED = "armed"
    VIOLENT = "violent"
    SUICIDAL = "suicidal"
    ESCAPE_RISK = "escape-risk"
    CONTAGIOUS = "contagious"


class SensitiveMatter(StrEnum):
    """What a record tells beyond the case, to be handled with care. It is no category to search by."""

    RACE = "race"
    POLITICS = "politics"
    RELIGION = "religion"
    UNION = "union"
    HEALTH = "health"
    SEXUALITY = "sexuality"


class Name(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One name as written, in any script. `family` and `given` where the source keeps them apart."""

    full: NameText
    family: NameText = ""
    given: NameText = ""
    kind: NameKind = NameKind.MAIN

    def __post_init__(self) -> None:
        if not self.full.strip():
            raise ValueError("A name must not be empty; leave the whole name out instead.")


class IdentityDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    number: Code
    type: DocumentType = DocumentType.OTHER
    country: Code = ""  # two letters, or "" where unknown
    issued: Code = ""
    expires: Code = ""
    note: Text = ""

    def __post_init__(self) -> None:
        if self.country:
            country(self.country)
        for day in (self.issued, self.expires):
            if day:
                partial_date(day)


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    height_cm: Annotated[int, Meta(ge=0, le=280)] = 0
    weight_kg: Annotated[int, Meta(ge=0, le=500)] = 0
    eyes: Code = ""
    hair: Code = ""
    marks: Text = ""


class Offence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    code: Code
    text: Text = ""
    law: Text = ""
    penalty_max_months: Annotated[int, Meta(ge=0)] = 0


class Warrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    reference: Code
    country: Code
    authority: Text = ""
    issued: Code = ""

    def __post_init__(self) -> None:
        country(self.country)
        if self.issued:
            partial_date(self.issued)


class Person(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="person",
    gc=False,
):
    """A nominal. Every field may be empty, so that an extract is a person too; `gaps` says what a record needs."""

    names: Annotated[tuple[Name, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    births: Annotated[
        tuple[str, ...], Meta(max_length=limits.LIST_ITEMS_MAX)
    ] = ()  # partial dates; several where disputed
    sex: Sex = Sex.UNSPECIFIED
    nationalities: Annotated[tuple[str, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    birth_place: Text = ""
    birth_country: Code = ""
    documents: Annotated[tuple[IdentityDocument, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    status: PersonStatus | None = None
    purpose: RecordPurpose | None = None
    action: Text = ""  # what the source asks the finder to do
    warnings: Annotated[tuple[PersonWarning, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    description: Description = Description()
    parents: Text = ""
    languages: Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    occupation: Text = ""
    addresses: Annotated[tuple[Text, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    phones: Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    emails: Annotated[tuple[NameText, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    offences: Annotated[tuple[Offence, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    warrants: Annotated[tuple[Warrant, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    facts: Annotated[str, Meta(max_length=4 * limits.TEXT_CHARS_MAX)] = ""
    # What its source says that it tells of. The law looks at it; it is never told itself (`law/extract.py`).
    sensitive: Annotated[tuple[SensitiveMatter, ...], Meta(max_length=len(SensitiveMatter))] = ()

    def __post_init__(self) -> None:
        for code in (
            *self.nationalities,
            *([self.birth_country] if self.birth_country else []),
        ):
            country(code)
        for day in self.births:
            partial_date(day)


def gaps(person: Person) -> tuple[str, ...]:
    """What a person's record still needs before it may be entered (RPD 37: status and purpose are compulsory)."""
    needs = {"names": person.names, "status": person.status, "purpose": person.purpose}
    return tuple(field for field, value in needs.items() if not value)
