"""Countries by the names that published lists use for them."""

from comity.domain.country_codes import STATES

# Spellings of the United Nations' and the US Treasury's lists that are not the names of ISO 3166-1.
_ALSO = {
    "democratic people's republic of korea": "KP",
    "korea, north": "KP",
    "north korea": "KP",
    "republic of korea": "KR",
    "korea, south": "KR",
    "south korea": "KR",
    "democratic republic of the congo": "CD",
    "congo, democratic republic of the": "CD",
    "congo, republic of the": "CG",
    "state of palestine": "PS",
    "palestinian": "PS",
    "palestine": "PS",
    "united republic of tanzania": "TZ",
    "tanzania": "TZ",
    "syria": "SY",
    "russia": "RU",
    "iran": "IR",
    "united kingdom": "GB",
    "united states": "US",
    "turkey": "TR",
    "türkiye": "TR",
    "venezuela": "VE",
    "bolivia": "BO",
    "taiwan": "TW",
    "laos": "LA",
    "vietnam": "VN",
    "burma": "MM",
    "moldova": "MD",
    "cape verde": "CV",
    "ivory coast": "CI",
    "cote d'ivoire": "CI",
    "the gambia": "GM",
    "macau": "MO",
    "kosovo": "XK",
    "macedonia, the former yugoslav republic of": "MK",
    "north macedonia, the republic of": "MK",
    "czech republic": "CZ",
    "swaziland": "SZ",
    "micronesia": "FM",
    "brunei": "BN",
    "vatican city": "VA",
    "bahamas, the": "BS",
}


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split()).removesuffix(" (the)").strip(" .")


def _every_name() -> dict[str, str]:
    codes = dict(_ALSO)
    for two, _, name in STATES:
        codes[_plain(name)] = two
        if not name.startswith(("Korea", "Congo")):
            codes.setdefault(_plain(name.split("(")[0]), two)  # Iran (Islamic Republic of)
    return codes


_CODES = _every_name()


def code_of(name: str) -> str:
    """The two letters of a country by its English name, or '' where the name is not known."""
    return _CODES.get(_plain(name), "")
