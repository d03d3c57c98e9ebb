"""A vehicle or a part of one that is looked for."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]


class VehicleStatus(StrEnum):
    STOLEN = "stolen"
    MISAPPROPRIATED = "misappropriated"
    RECOVERED = "recovered"


class Vehicle(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="vehicle",
    gc=False,
):
    """SMV. `vin` after ISO 3779 (17 characters, no I, O or Q), or an older chassis number."""

    vin: Code = ""
    plate: Code = ""
    plate_country: Code = ""  # two letters
    plate_expires: Code = ""
    make: Code = ""
    model: Code = ""
    year: Annotated[int, Meta(ge=0, le=2200)] = 0
    colour: Code = ""
    body: Code = ""
    engine_number: Code = ""
    registration_document: Code = ""
    components: Annotated[tuple[Text, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()
    status: VehicleStatus | None = None
    stolen_on: Code = ""
    stolen_in: Code = ""  # two letters
    note: Text = ""

    def __post_init__(self) -> None:
        for code in (self.plate_country, self.stolen_in):
            if code:
                country(code)
        for day in (self.plate_expires, self.stolen_on):
            if day:
                partial_date(day)


def gaps(vehicle: Vehicle) -> tuple[str, ...]:
    """What a vehicle's record still needs before it may be entered: a status and a number to find it by."""
    findable = vehicle.vin or (vehicle.plate and vehicle.plate_country) or vehicle.engine_number
    needs = {
        "status": vehicle.status,
        "vin, engine_number or plate with plate_country": findable,
    }
    return tuple(field for field, value in needs.items() if not value)
