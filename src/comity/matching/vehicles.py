"""Vehicles: is this the one asked for? VIN, plate and engine number, with make, model and colour beside them."""

import re
import unicodedata

from comity.domain.country import country
from comity.domain.lookup import VehicleQuery
from comity.domain.match import FieldMatch, Match
from comity.domain.vehicle import Vehicle
from comity.matching import numbers
from comity.matching.checks import Checked, Verdict, checked, malformed
from comity.matching.number_bits import (
    as_match,
    check_digit_line,
    is_exact,
    is_hit,
    is_near,
    never,
    shared_number,
    unique_number,
    word,
)

VIN_CHARS = 17
VIN_CONFLICT_BITS = -8.0
PLATE_CONFLICT_BITS = -1.0  # plates are changed, and that is what thieves do
ENGINE_CONFLICT_BITS = -2.0  # engines are exchanged
MAKE_BITS, MAKE_CONFLICT_BITS = 3.5, -5.0
MODEL_BITS, MODEL_CONFLICT_BITS = 3.0, -2.0  # beyond the make; models have many names
COLOUR_BITS, COLOUR_CONFLICT_BITS = 2.0, -1.0  # cars are painted anew
REPORT_CONFLICT_FROM = 0.01  # of an engine's number that agrees while make or model does not


def compare(query: VehicleQuery, vehicle: Vehicle) -> Match | None:
    """How near the vehicle is to the one asked for; None where no number agrees.

    A VIN or plate that agrees is always told, with what does not: a known VIN under another plate is why one asks.
    """
    vin = unique_number("vin", query.vin, vehicle.vin, numbers.vin, query.near, VIN_CONFLICT_BITS)
    plate = _plate(query, vehicle)
    engine = shared_number(
        "engine_number", query.engine_number, vehicle.engine_number, numbers.engine, query.near, ENGINE_CONFLICT_BITS
    )
    described = _described(query, vehicle)
    found = as_match((vin, _vin_check_digit(vin, query.vin, vehicle.vin), plate, engine, *described))
    named = is_exact(vin) or is_exact(plate)
    contradicted = any(line is not None and line.how == "conflict" for line in (vin, *described))
    # All is worked out first: what agrees and is withheld must not take longer than what does not agree.
    # Falls without it: tests/law/test_withheld.py
    if not any(map(is_hit, (vin, plate, engine))):
        return None
    return None if contradicted and not named and found.probability < REPORT_CONFLICT_FROM else found


def _plate(query: VehicleQuery, vehicle: Vehicle) -> FieldMatch | None:
    """Plates of two countries are two plates."""
    if not (query.plate and vehicle.plate and vehicle.plate_country):
        return None
    if country(query.plate_country) != country(vehicle.plate_country):
        return word("plate", query.plate, vehicle.plate, never, 0.0, PLATE_CONFLICT_BITS)
    return unique_number("plate", query.plate, vehicle.plate, numbers.plate, query.near, PLATE_CONFLICT_BITS)


def _vin_check_digit(vin: FieldMatch | None, asked: str, found: str) -> FieldMatch | None:
    """Only where makers must set it."""
    return check_digit_line(check_vin(asked).passed, check_vin(found).passed) if is_near(vin) else None


def _described(query: VehicleQuery, vehicle: Vehicle) -> tuple[FieldMatch | None, ...]:
    return (
        word("make", query.make, vehicle.make, same_word, MAKE_BITS, MAKE_CONFLICT_BITS),
        word("model", query.model, vehicle.model, same_model, MODEL_BITS, MODEL_CONFLICT_BITS),
        word("colour", query.colour, vehicle.colour, _same_colour, COLOUR_BITS, COLOUR_CONFLICT_BITS),
    )


def same_word(one: str, other: str) -> bool:
    """One make, whichever way it is written."""
    return plain(one) == plain(other)


def same_model(one: str, other: str) -> bool:
    """One model's name may be the beginning of the other's: Golf, Golf Variant."""
    shorter, longer = sorted((plain(one), plain(other)), key=len)
    return bool(shorter) and longer.startswith(shorter)


def _same_colour(one: str, other: str) -> bool:
    return colour(one) == colour(other)


def plain(text: str) -> str:
    """A make or model for comparison: small letters and digits, without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


# Colours by the words of several languages and by the codes of registers; a shade is its colour.
_COLOURS = {
    "black": "black schwarz noir negro nero preto blk черный أسود",
    "white": "white weiss blanc blanco bianco branco wht white cream ivory белый أبيض",
    "grey": "grey gray silver grau silber gris argent plateado grigio argento cinza prata gry sil серый серебристый",
    "red": "red rot rouge rojo rosso vermelho maroon burgundy красный أحمر",
    "blue": "blue blau bleu azul blu navy blu синий голубой أزرق",
    "green": "green grun vert verde grn зеленый أخضر",
    "brown": "brown braun brun marron marrone marrom beige bro bge коричневый бежевый بني",
    "yellow": "yellow gelb jaune amarillo giallo amarelo yel gold gold желтый أصفر",
    "orange": "orange naranja arancione laranja ong оранжевый برتقالي",
    "purple": "purple violet violett morado viola roxo lila ple фиолетовый بنفسجي",
}


def colour(text: str) -> str:
    """A colour by its English name where one of its words is known, else as it is written."""
    words = (plain(one) for one in re.split(r"[\s,/\-]+", text))
    return next((_COLOUR_OF[one] for one in words if one in _COLOUR_OF), plain(text))


_COLOUR_OF = {plain(one): colour for colour, words in _COLOURS.items() for one in words.split()}

# 49 CFR 565.15 makes the ninth character a check digit in North America, GB 16735 in China: the first character tells.
_CHECKED_REGIONS = frozenset("12345L")


def check_vin(text: str) -> Checked:
    """A VIN by ISO 3779 and, where its region demands one, its check digit; elsewhere that place means other things."""
    canonical = numbers.vin(text)
    if len(canonical) != VIN_CHARS:
        return malformed(canonical, "length")
    if any(sign in "IOQ" for sign in canonical):
        return malformed(canonical, "letters-i-o-q")
    if not canonical.isascii():
        return malformed(canonical, "characters")
    if canonical[0] not in _CHECKED_REGIONS:
        return Checked(canonical, Verdict.WELL_FORMED, ("no-check-digit-in-region",))
    return checked(canonical, numbers.vin_check_digit(canonical) == canonical[8])
