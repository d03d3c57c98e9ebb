"""Vessels: is this the ship, boat or engine asked for? Lasting numbers first, then what changes with the owner."""

import re
from operator import eq

from comity.domain.country import country
from comity.domain.lookup import VesselQuery
from comity.domain.match import FieldMatch, Match
from comity.domain.vessel import Vessel
from comity.matching import numbers
from comity.matching.checks import Checked, Verdict, checked, malformed
from comity.matching.number_bits import (
    as_match,
    check_digit_line,
    information,
    is_exact,
    is_hit,
    is_near,
    never,
    shared_number,
    unique_number,
    word,
)
from comity.matching.vehicles import same_word

PRIOR_BITS = -20.0  # of a million vessels one is meant
# What stays for life contradicts more than what changes with owner, flag and radio.
IMO_CONFLICT_BITS = -12.0
HULL_CONFLICT_BITS = -10.0
ENI_CONFLICT_BITS = -10.0
CHANGING_CONFLICT_BITS = -1.0
ENGINE_CONFLICT_BITS = -1.0
HULL_COUNTRY_CONFLICT_BITS = -20.0  # makers' codes are given country by country
FLAG_BITS, FLAG_CONFLICT_BITS = 4.0, -1.0
MAKE_BITS, MAKE_CONFLICT_BITS = 4.0, -4.0
NAME_BITS_MAX = 14.0  # names repeat: there are hundreds of each in the larger registers
REPORT_CONFLICT_FROM = 0.01


def compare(query: VesselQuery, vessel: Vessel) -> Match | None:
    """How near the vessel is to the one asked for; None where no number and no name agrees."""
    near = query.near
    imo = unique_number("imo", query.imo, vessel.imo, numbers.imo, near, IMO_CONFLICT_BITS)
    hull = unique_number("hull_number", query.hull_number, vessel.hull_number, numbers.hull, near, HULL_CONFLICT_BITS)
    eni = unique_number("eni", query.eni, vessel.eni, numbers.eni, near, ENI_CONFLICT_BITS)
    mmsi = unique_number("mmsi", query.mmsi, vessel.mmsi, numbers.mmsi, near, CHANGING_CONFLICT_BITS)
    sign = unique_number(
        "call_sign", query.call_sign, vessel.call_sign, numbers.call_sign, near, CHANGING_CONFLICT_BITS
    )
    register = _registration(query, vessel)
    engine, name = _engine(query, vessel), _name(query, vessel)
    found_by = (imo, hull, eni, mmsi, sign, register, engine, name)
    described = (_hull_country(hull, query, vessel), _flag(query, vessel), _make(query, vessel))
    check = _imo_check_digit(imo, query, vessel)
    found = as_match((imo, check, *found_by[1:], *described), PRIOR_BITS)
    named = any(map(is_exact, (imo, hull, eni, mmsi, sign, register)))
    contradicted = any(map(_contradicts, (imo, hull, eni, *described)))
    # All is worked out first: what agrees and is withheld must not take longer than what does not agree.
    if not any(map(is_hit, found_by)) or (contradicted and not named and found.probability < REPORT_CONFLICT_FROM):
        return None
    return found


def _contradicts(line: FieldMatch | None) -> bool:
    return line is not None and line.how == "conflict"


def _imo_check_digit(imo: FieldMatch | None, query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    if not is_near(imo):
        return None
    return check_digit_line(check_imo(query.imo).passed, check_imo(vessel.imo).passed)


def _registration(query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    """The same number in two registers is two numbers."""
    if not (query.registration and vessel.registration and vessel.flag):
        return None
    if country(query.flag) != country(vessel.flag):
        return word("registration", query.registration, vessel.registration, never, 0.0, CHANGING_CONFLICT_BITS)
    return unique_number(
        "registration",
        query.registration,
        vessel.registration,
        numbers.registration,
        query.near,
        CHANGING_CONFLICT_BITS,
    )


def _engine(query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    """The engine of the vessel that comes nearest."""
    lines = [
        shared_number("engine_number", query.engine_number, one, numbers.engine, query.near, ENGINE_CONFLICT_BITS)
        for one in vessel.engine_numbers
    ]
    return max((line for line in lines if line is not None), key=lambda line: line.bits, default=None)


def _name(query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    """The name that it bears, or one that it bore."""
    asked = numbers.vessel_name(query.name)
    borne = [name for name in (vessel.name, *vessel.former_names) if numbers.vessel_name(name)]
    if not asked or not borne:
        return None
    nearest = next((name for name in borne if _same_name(query.name, name)), borne[0])
    bits = min(NAME_BITS_MAX, information(asked) / 2)  # letters of words are foretold by one another
    return word("name", query.name, nearest, _same_name, bits, CHANGING_CONFLICT_BITS)


def _same_name(one: str, other: str) -> bool:
    return numbers.vessel_name(one) == numbers.vessel_name(other)


def _hull_country(hull: FieldMatch | None, query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    one, other = numbers.hull_country(query.hull_number), numbers.hull_country(vessel.hull_number)
    return word("hull_country", one, other, eq, 0.0, HULL_COUNTRY_CONFLICT_BITS) if is_hit(hull) else None


def _flag(query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    return word("flag", query.flag, vessel.flag, _same_country, FLAG_BITS, FLAG_CONFLICT_BITS)


def _same_country(one: str, other: str) -> bool:
    return country(one) == country(other)


def _make(query: VesselQuery, vessel: Vessel) -> FieldMatch | None:
    """Of the vessel or of its engine: who asks about an engine means its maker."""
    makes = [make for make in (vessel.make, vessel.engine_make) if make]
    nearest = next((make for make in makes if same_word(make, query.make)), "".join(makes[:1]))
    return word("make", query.make, nearest, same_word, MAKE_BITS, MAKE_CONFLICT_BITS)


_IMO_WEIGHTS = (7, 6, 5, 4, 3, 2)
# Since 1984 month and year of make and model year; before, month and year or, with an M, model year and month.
_HULL = re.compile(r"[A-Z][A-Z0-9]{2}[A-Z0-9]{5}(?:[A-L][0-9]{3}|[0-9]{4}|M[0-9]{2}[A-L])")
_CALL_SIGN = re.compile(r"(?=.{3,7}$)(?:[A-Z][A-Z0-9]|[2-9][A-Z])[A-Z0-9]+")


def check_imo(text: str) -> Checked:
    """A ship's IMO number: six digits and the check digit after them (IMO resolution A.1117(30))."""
    canonical = numbers.imo(text)
    if len(canonical) != 7 or not (canonical.isascii() and canonical.isdigit()):
        return malformed(canonical, "seven-digits")
    total = sum(int(digit) * weight for digit, weight in zip(canonical, _IMO_WEIGHTS, strict=False))
    return checked(canonical, str(total % 10) == canonical[-1])


def check_hull(text: str) -> Checked:
    """A hull identification number by its form (ISO 10087: maker, serial number, month, years): no check digit."""
    canonical = numbers.hull(text)
    if not _HULL.fullmatch(canonical):
        return malformed(canonical, "form")
    return Checked(canonical, Verdict.WELL_FORMED)


def check_eni(text: str) -> Checked:
    """A European number of an inland vessel: eight digits (CEVNI, article 2-18), no check digit."""
    canonical = numbers.eni(text)
    if len(canonical) != 8 or not (canonical.isascii() and canonical.isdigit()):
        return malformed(canonical, "eight-digits")
    return Checked(canonical, Verdict.WELL_FORMED)


def check_mmsi(text: str) -> Checked:
    """A ship's maritime mobile service identity: nine digits, the first three its country's (ITU-R M.585)."""
    canonical = numbers.mmsi(text)
    if len(canonical) != 9 or not (canonical.isascii() and canonical.isdigit()):
        return malformed(canonical, "nine-digits")
    if canonical[0] not in "234567":
        return malformed(canonical, "no-ship-station")
    return Checked(canonical, Verdict.WELL_FORMED)


def check_call_sign(text: str) -> Checked:
    """A call sign by its form (ITU Radio Regulations, article 19)."""
    canonical = numbers.call_sign(text)
    if not _CALL_SIGN.fullmatch(canonical):
        return malformed(canonical, "form")
    return Checked(canonical, Verdict.WELL_FORMED)
