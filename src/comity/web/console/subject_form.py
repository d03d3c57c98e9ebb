"""What a record is about, as fields of a form: one table for each kind, and back into the domain."""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.person import NameKind, Person, PersonStatus, PersonWarning, RecordPurpose, Sex
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus, VesselType
from comity.web.console.choices import number
from comity.web.console.page import Form
from comity.web.console.refilled import lines
from comity.web.officer.bodies import made

NAMES_MORE = 2  # empty rows for names beside those that stand


class Blank(Struct, frozen=True):
    """One field. `words`: the list it chooses from; `many`: several of them, or one on each line."""

    name: str
    label: str
    words: type[StrEnum] | None = None
    many: bool = False
    kind: str = "text"
    needed: bool = False
    hint: str = ""

    def value_of(self, text: Any) -> Any:
        """What stands in the form, as a page shows it: a code as a value of its vocabulary."""
        if self.words is None:
            return text.replace("\n", ", ")
        return [self.words(one) for one in text] if self.many else self.words(text)


DAY, LAND = "As much as is known: 2031, 2031-03 or 2031-03-09.", "Two letters, such as XB."
STOLEN = (Blank("stolen_on", "Stolen on", hint=DAY), Blank("stolen_in", "Stolen in", hint=LAND))
NOTE = Blank("note", "Note", kind="textarea")
# kind of subject: its struct, and its fields
KINDS: dict[str, tuple[type[Subject], tuple[Blank, ...]]] = {
    "person": (
        Person,
        (
            Blank("births", "Dates of birth", many=True, hint=DAY),
            Blank("sex", "Sex", Sex),
            Blank("nationalities", "Nationalities", many=True, hint=LAND),
            Blank("birth_place", "Place of birth"),
            Blank("birth_country", "Country of birth", hint=LAND),
            Blank("status", "Why police know them", PersonStatus, needed=True),
            Blank("purpose", "What is to be done", RecordPurpose, needed=True),
            Blank("action", "What the finder is asked to do", kind="textarea"),
            Blank("warnings", "Warnings", PersonWarning, many=True),
            Blank("facts", "Facts", kind="textarea"),
        ),
    ),
    "document": (
        TravelDocument,
        (
            Blank("number", "Number", needed=True),
            Blank("country", "Issuer", needed=True, hint="Three letters, such as XBE."),
            Blank("type", "Kind of document", DocumentType),
            Blank("fraud", "Why it must not be used", DocumentFraud, needed=True),
            Blank("issued", "Issued", hint=DAY),
            Blank("expires", "Expires", hint=DAY),
            *STOLEN,
            Blank("note", "Note", kind="textarea", hint="Nothing about a person."),
        ),
    ),
    "vehicle": (
        Vehicle,
        (
            Blank("vin", "VIN or chassis number"),
            Blank("plate", "Plate"),
            Blank("plate_country", "Country of the plate", hint=LAND),
            Blank("engine_number", "Number of the engine"),
            Blank("make", "Make"),
            Blank("model", "Model"),
            Blank("year", "Year", kind="number"),
            Blank("colour", "Colour"),
            Blank("status", "Status", VehicleStatus, needed=True),
            *STOLEN,
            NOTE,
        ),
    ),
    "firearm": (
        Firearm,
        (
            Blank("serial", "Serial number", needed=True),
            Blank("make", "Make"),
            Blank("model", "Model"),
            Blank("type", "Type", FirearmType),
            Blank("calibre", "Calibre"),
            Blank("year", "Year", kind="number"),
            Blank("made_in", "Made in", hint=LAND),
            Blank("status", "Status", FirearmStatus, needed=True),
            Blank("missing_since", "Missing since", hint=DAY),
            Blank("missing_in", "Missing in", hint=LAND),
            NOTE,
        ),
    ),
    "vessel": (
        Vessel,
        (
            Blank("imo", "IMO number"),
            Blank("hull_number", "Hull number"),
            Blank("eni", "ENI number"),
            Blank("mmsi", "MMSI"),
            Blank("call_sign", "Call sign"),
            Blank("registration", "Registration"),
            Blank("flag", "Flag", hint=LAND),
            Blank("name", "Name"),
            Blank("type", "Type", VesselType),
            Blank("engine_numbers", "Numbers of engines", many=True),
            Blank("make", "Make"),
            Blank("status", "Status", VesselStatus, needed=True),
            *STOLEN,
            NOTE,
        ),
    ),
}


def subject_of(kind: str, form: Form, before: Subject | None) -> Subject:
    """As the form has it; what the form has no field for stays as it was. Raises Invalid with the field."""
    what, blanks = KINDS[kind]
    told: dict[str, Any] = msgspec.to_builtins(before) if before is not None else {"kind": kind}
    for blank in blanks:
        told.pop(blank.name, None)
        if blank.many:
            told[blank.name] = form.every(blank.name) if blank.words else lines(form, blank.name)
        elif text := form.text(blank.name):
            told[blank.name] = number(text, blank.name) if blank.kind == "number" else text
    if kind == "person":
        told["names"] = _names(form)
    found: Subject = made(what, told)
    return found


def texts_of(subject: Subject) -> dict[str, Any]:
    """What stands in the form of a record that is amended."""
    told = msgspec.to_builtins(subject)
    texts: dict[str, Any] = {}
    for blank in KINDS[told["kind"]][1]:
        one = told.get(blank.name, "")
        texts[blank.name] = one if blank.words and blank.many else "\n".join(one) if blank.many else str(one or "")
    for row, name in enumerate(told.get("names", ())):
        texts |= {f"name-{row}-{part}": name.get(part, "") for part in ("full", "family", "given", "kind")}
    return texts


def rows_of_names(form: Form) -> range:
    """How many rows for names the form shows: those that are filled, and a few more."""
    filled = [int(one.split("-")[1]) for one in form.texts if one.startswith("name-") and one.endswith("-full")]
    return range(max((row + 1 for row in filled if form.text(f"name-{row}-full")), default=0) + NAMES_MORE)


def _names(form: Form) -> list[dict[str, str]]:
    told = []
    for row in rows_of_names(form):
        parts = {part: form.text(f"name-{row}-{part}") for part in ("full", "family", "given", "kind")}
        if parts["full"]:
            parts["kind"] = parts["kind"] or NameKind.MAIN.value
            told.append(parts)
    return told
