"""A ship, a boat or its engine that is looked for."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
NameText = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]


class VesselType(StrEnum):
    SHIP = "ship"
    FISHING_VESSEL = "fishing-vessel"
    INLAND_VESSEL = "inland-vessel"
    SAILING_YACHT = "sailing-yacht"
    MOTOR_BOAT = "motor-boat"
    INFLATABLE = "inflatable"
    PERSONAL_WATERCRAFT = "personal-watercraft"
    ENGINE = "engine"  # an outboard engine without its boat
    OTHER = "other"


class VesselStatus(StrEnum):
    STOLEN = "stolen"
    MISAPPROPRIATED = "misappropriated"
    RECOVERED = "recovered"


class Vessel(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="vessel",
    gc=False,
):
    """SVD. Hull and IMO number stay for life; name, flag, call sign and MMSI change with the owner."""

    imo: Code = ""  # IMO ship identification number: 7 digits, the last a check digit (IMO resolution A.1117(30))
    hull_number: Code = ""  # of small craft: HIN, CIN or WIN (ISO 10087)
    eni: Code = ""  # European number of inland vessels: 8 digits
    mmsi: Code = ""  # maritime mobile service identity: 9 digits (ITU-R M.585)
    call_sign: Code = ""
    registration: Code = ""  # number in the register of `flag`
    flag: Code = ""  # two letters
    name: NameText = ""
    former_names: Annotated[tuple[NameText, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    home_port: NameText = ""
    type: VesselType | None = None
    make: Code = ""
    model: Code = ""
    year: Annotated[int, Meta(ge=0, le=2200)] = 0
    length_cm: Annotated[int, Meta(ge=0, le=60_000)] = 0
    colour: Code = ""
    engine_numbers: Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    engine_make: Code = ""
    status: VesselStatus | None = None
    stolen_on: Code = ""
    stolen_in: Code = ""  # two letters
    note: Text = ""

    def __post_init__(self) -> None:
        for code in (self.flag, self.stolen_in):
            if code:
                country(code)
        if self.stolen_on:
            partial_date(self.stolen_on)


def gaps(vessel: Vessel) -> tuple[str, ...]:
    """What a vessel's record still needs before it may be entered: a status and a number to find it by."""
    lasting = vessel.imo or vessel.hull_number or vessel.eni or any(vessel.engine_numbers)
    findable = lasting or vessel.mmsi or vessel.call_sign or (vessel.registration and vessel.flag)
    needs = {
        "status": vessel.status,
        "imo, hull_number, eni, mmsi, call_sign, an engine number or registration with flag": findable,
    }
    return tuple(field for field, value in needs.items() if not value)
