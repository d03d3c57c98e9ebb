"""What an officer states with a lookup: why, for which case, the circumstances, a question field by field."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from comity.domain.circumstances import StatedOffence
from comity.domain.country import country
from comity.domain.errors import Invalid
from comity.domain.lookup import (
    DocumentQuery,
    FirearmQuery,
    LookupRequest,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.offence import known_offence
from comity.domain.purpose import Purpose
from comity.domain.stated import Stated
from comity.web.console.page import Form

T = TypeVar("T")

# kind: the question of that kind; its fields stand in a form as kind.field
KINDS: dict[str, type[Query]] = {
    "person": PersonQuery,
    "document": DocumentQuery,
    "vehicle": VehicleQuery,
    "firearm": FirearmQuery,
    "vessel": VesselQuery,
}
_DIGITS_MAX = 5
_SWITCHES = frozenset({"near", "wildcard", "sounds_like"})


class Why(Struct, frozen=True, kw_only=True):
    """What holds for every question that one form asks."""

    purpose: Purpose
    case: str
    offence: StatedOffence | None = None
    stated: Stated | None = None

    def asks(self, query: Query) -> LookupRequest:
        return LookupRequest(
            query=query, purpose=self.purpose, case=self.case, offence=self.offence, stated=self.stated
        )


def why(form: Form) -> Why:
    """Raises Invalid with the field that is missing or wrong."""
    purpose, case = form.text("purpose"), form.text("case")
    if purpose not in set(Purpose):
        raise Invalid("A purpose is needed for every lookup.", where="purpose", do="Choose why you ask.")
    if not case:
        raise Invalid(
            "A case number is needed for every lookup.", where="case", do="Give your case or incident number."
        )
    stated = stated_in(form)
    return Why(
        purpose=Purpose(purpose),
        case=_checked(LookupRequest, {"query": {"kind": "person", "name": "-"}, "purpose": purpose, "case": case}).case,
        offence=offence_in(form),
        stated=stated if stated != Stated() else None,
    )


def query_in(form: Form) -> Query | None:
    """The question whose fields were filled in; None where none were. Raises Invalid where two kinds were."""
    filled = {kind: fields for kind in KINDS if (fields := _fields_of(kind, form))}
    if not filled:
        return None
    if len(filled) > 1:
        raise Invalid(
            f"Fields of {' and '.join(sorted(filled))} are filled in: one lookup asks about one thing.",
            where=f"{next(iter(filled))}.{next(iter(filled[next(iter(filled))]))}",
            do="Empty the fields of the others.",
        )
    [(kind, fields)] = filled.items()
    try:
        return _checked(KINDS[kind], fields)
    except Invalid as wrong:
        first = next(iter(fields))
        raise Invalid(wrong.what, where=f"{kind}.{wrong.where or first}", do=wrong.do) from None


def _fields_of(kind: str, form: Form) -> dict[str, Any]:
    told = {name: form.text(f"{kind}.{name}") for name in KINDS[kind].__struct_fields__}
    filled: dict[str, Any] = {name: text for name, text in told.items() if text and name not in _SWITCHES}
    if not filled:
        return {}
    switched = dict.fromkeys((name for name in _SWITCHES & told.keys() if told[name]), True)
    if height := filled.get("height_cm"):
        filled["height_cm"] = _number(height, f"{kind}.height_cm")
    return filled | switched


def offence_in(form: Form) -> StatedOffence | None:
    """Raises Invalid where something is said of an offence that is not named."""
    death = {"yes": True, "no": False}.get(form.text("death_penalty"))
    told: dict[str, Any] = {
        "penalty_max_months": _number(form.text("penalty_max_months"), "penalty_max_months"),
        "sentence_months": _number(form.text("sentence_months"), "sentence_months"),
        "punishable_in": tuple(map(country, form.text("punishable_in").replace(",", " ").split())),
        "natures": form.every("natures"),
        "death_penalty": death,
    }
    code = form.text("offence")
    if code:
        return _checked(StatedOffence, {"code": known_offence(code, "offence"), **told})
    if any(value not in (None, ()) for value in told.values()):
        raise Invalid("The offence is not named.", where="offence", do="Name it, or leave the rest out.")
    return None


def stated_in(form: Form) -> Stated:
    told: dict[str, Any] = {name: form.text(name) for name in ("language", "necessity")}
    told["priority"] = form.text("priority") or None
    if form.text("assurance_against"):
        told["assurances"] = (
            {
                "against": form.text("assurance_against"),
                "reference": form.text("assurance_reference"),
                "until": form.text("assurance_until"),
            },
        )
    return _checked(Stated, told)


def _number(text: str, where: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
        raise Invalid(f"{text[:20]!r} is no whole number.", where=where, do="Write digits alone.")
    return int(text)


def _checked(kind: type[T], fields: Mapping[str, Any]) -> T:
    """Checked as what comes from elsewhere is; its words for what is wrong become a refusal."""
    tag = getattr(getattr(kind, "__struct_config__", None), "tag", None)
    try:
        return msgspec.convert({**fields, "kind": tag} if tag else dict(fields), kind, strict=True)
    except msgspec.ValidationError as wrong:
        what, _, path = str(wrong).partition(" - at `$.")
        raise Invalid(what.rstrip(".") + ".", where=path.rstrip("`"), do="Correct it.") from None
