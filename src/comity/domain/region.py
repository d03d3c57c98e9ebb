"""Regions of the world, by which messages are addressed: of each country, one."""

from enum import StrEnum


class Region(StrEnum):
    """The macro-regions of the United Nations' standard country codes (M49). A later release may know more."""

    AFRICA = "africa"
    AMERICAS = "americas"
    ASIA = "asia"
    EUROPE = "europe"
    OCEANIA = "oceania"


# Two letters as in ISO 3166-1. Kosovo and Taiwan have no code of their own in M49 and stand with their neighbours.
_COUNTRIES = {
    Region.AFRICA: "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR "
    "MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW",
    Region.AMERICAS: "AG AI AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT "
    "JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI",
    Region.ASIA: "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY "
    "NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    Region.EUROPE: "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC "
    "MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    Region.OCEANIA: "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}
# Of the fictitious, two lie side by side, and one beyond the sea.
_FICTITIOUS = {"XA": Region.EUROPE, "XB": Region.EUROPE, "XC": Region.OCEANIA}
_REGIONS = {two: region for region, countries in _COUNTRIES.items() for two in countries.split()} | _FICTITIOUS


def region(country: str) -> Region | None:
    """In which a country lies, by its two letters; None for organisations, and where nobody lives (Antarctica)."""
    return _REGIONS.get(country)
