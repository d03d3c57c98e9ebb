"""A firearm, or a main part of one, that is looked for or was found where it should not be."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]


class FirearmType(StrEnum):
    PISTOL = "pistol"
    REVOLVER = "revolver"
    RIFLE = "rifle"
    CARBINE = "carbine"
    SHOTGUN = "shotgun"
    SUBMACHINE_GUN = "submachine-gun"
    MACHINE_GUN = "machine-gun"
    LAUNCHER = "launcher"
    PART = "part"  # a frame, receiver, barrel, slide or cylinder with a number of its own
    OTHER = "other"


class FirearmStatus(StrEnum):
    """Why the firearm is recorded."""

    STOLEN = "stolen"
    LOST = "lost"
    TRAFFICKED = "trafficked"
    SMUGGLED = "smuggled"
    RECOVERED = "recovered"  # found, and its owner or its way not yet known


class Firearm(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="firearm",
    gc=False,
):
    """As in iARMS and the International Tracing Instrument. A serial number is unique within its maker at best."""

    serial: Code = ""  # as marked; on the part that the law of its maker's country names
    serial_obliterated: bool = False  # `serial` is then what could still be read, or was made visible
    make: Code = ""
    model: Code = ""
    type: FirearmType | None = None
    calibre: Code = ""
    year: Annotated[int, Meta(ge=0, le=2200)] = 0
    made_in: Code = ""  # two letters
    import_mark: Code = ""  # importer or country and year of import, as marked
    markings: Annotated[tuple[Text, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()  # proof marks and others
    status: FirearmStatus | None = None
    missing_since: Code = ""
    missing_in: Code = ""  # two letters
    note: Text = ""

    def __post_init__(self) -> None:
        for code in (self.made_in, self.missing_in):
            if code:
                country(code)
        if self.missing_since:
            partial_date(self.missing_since)


def gaps(firearm: Firearm) -> tuple[str, ...]:
    """What a firearm's record still needs before it may be entered: by a serial number alone none is told apart."""
    needs = {
        "serial": firearm.serial,
        "status": firearm.status,
        "make, type or calibre": firearm.make or firearm.type or firearm.calibre,
    }
    return tuple(field for field, value in needs.items() if not value)
