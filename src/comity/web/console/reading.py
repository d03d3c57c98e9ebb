"""One way to understand what was typed into the box, and what it would ask."""

from msgspec import Struct

from comity.domain.lookup import Query


class Reading(Struct, frozen=True, kw_only=True):
    """`code` chooses it again; it asks nothing where something is `needed` first, or where it is in `doubt`.

    The codes: zone, document, document-near, bearer, person, person-month-first, person-nationality, plate, vin,
    engine, serial, imo, mmsi, eni, hull, call-sign, vessel-name, case, hit.
    """

    code: str
    text: str  # the name or number, as it was read
    queries: tuple[Query, ...] = ()
    needed: str = ""  # "country": whose number it is
    doubts: tuple[str, ...] = ()  # what is wrong with it, field by field; until a person says so it is not asked
    link: str = ""  # of what lies here: no question goes out

    @property
    def may_be_asked(self) -> bool:
        return bool(self.queries) and not self.needed and not self.doubts
