"""What a question's own numbers say against themselves: a check digit that is wrong, a form that no such number has."""

from comity.domain.lookup import Query, VehicleQuery, VesselQuery
from comity.matching.checks import Checked, Verdict
from comity.matching.vehicles import VIN_CHARS, check_vin
from comity.matching.vessels import check_eni, check_imo, check_mmsi


def doubts(query: Query) -> tuple[tuple[str, str], ...]:
    """(field, reason) of each number that cannot be right as stated; empty where nothing speaks against it.

    Nothing is refused for it: forged and tampered numbers are what police look for.
    """
    match query:
        case VehicleQuery(vin=vin) if vin:
            found = check_vin(vin)
            # Anything shorter is a chassis number from before 1981, and may be right.
            return _against("vin", found) if len(found.canonical) >= VIN_CHARS else ()
        case VesselQuery():
            return (
                *_against("imo", check_imo(query.imo) if query.imo else None),
                *_against("eni", check_eni(query.eni) if query.eni else None),
                *_against("mmsi", check_mmsi(query.mmsi) if query.mmsi else None),
            )
    return ()


def _against(field: str, found: Checked | None) -> tuple[tuple[str, str], ...]:
    if found is None or found.verdict in (Verdict.PASSED, Verdict.WELL_FORMED):
        return ()
    return tuple((field, reason) for reason in found.reasons)
