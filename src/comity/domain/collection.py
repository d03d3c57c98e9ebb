"""The databases: what each holds, where it lies, who may enter."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.errors import Invalid


class Category(StrEnum):
    """What agreements speak of: a kind of data, whichever database holds it."""

    PERSONS = "persons"
    TRAVEL_DOCUMENTS = "travel-documents"
    VEHICLES = "vehicles"
    FIREARMS = "firearms"
    VESSELS = "vessels"
    SANCTIONS = "sanctions"


class Entry(StrEnum):
    """Who may enter a record."""

    ISSUER = "issuer"  # only the country that issued the document
    MEMBER = "member"  # any member, as its own
    HOST = "host"  # only the hub, for an outside body


class Collection(Struct, frozen=True):
    code: str
    title: str
    kind: str  # "person", "document", "vehicle", "firearm" or "vessel": the tag of what it holds
    category: Category
    shared: bool  # a copy lies at the hub; otherwise the owner answers from its own system
    entry: Entry


COLLECTIONS: dict[str, Collection] = {
    one.code: one
    for one in (
        Collection(
            "nominals",
            "Persons known to police",
            "person",
            Category.PERSONS,
            shared=False,
            entry=Entry.MEMBER,
        ),
        Collection(
            "sltd",
            "Stolen and lost travel documents",
            "document",
            Category.TRAVEL_DOCUMENTS,
            shared=True,
            entry=Entry.ISSUER,
        ),
        Collection(
            "smv",
            "Stolen motor vehicles",
            "vehicle",
            Category.VEHICLES,
            shared=True,
            entry=Entry.MEMBER,
        ),
        Collection(
            "firearms",
            "Stolen, lost, trafficked and smuggled firearms",
            "firearm",
            Category.FIREARMS,
            shared=True,
            entry=Entry.MEMBER,
        ),
        Collection(
            "vessels",
            "Stolen vessels",
            "vessel",
            Category.VESSELS,
            shared=True,
            entry=Entry.MEMBER,
        ),
        Collection(
            "sanctions",
            "Persons under sanctions",
            "person",
            Category.SANCTIONS,
            shared=True,
            entry=Entry.HOST,
        ),
    )
}


def collection(code: str) -> Collection:
    """The database of that code. Raises Invalid."""
    if code not in COLLECTIONS:
        raise Invalid(f"{code!r} is no collection.", do=f"Use one of {', '.join(COLLECTIONS)}.")
    return COLLECTIONS[code]
