"""Countries and other issuers, by the codes that records, agreements and documents use."""

from functools import lru_cache

from comity.domain.country_codes import FICTITIOUS, OTHER_ISSUERS, STATES
from comity.domain.errors import Invalid

CODES_REMEMBERED = 2_048  # an import of a million documents asks for the same few again and again

_BY_TWO = {two: name for two, _, name in (*OTHER_ISSUERS, *STATES, *FICTITIOUS) if two}
_BY_THREE = {three: (two, name) for two, three, name in (*STATES, *OTHER_ISSUERS, *FICTITIOUS)}
_THREE_OF_TWO = {two: three for two, three, _ in (*STATES, ("XK", "RKS", ""), *FICTITIOUS)}
# One issuer under several codes: a document is found under whichever was read from it.
_ALSO_PRINTED = {"D": "DEU", "DE": "DEU", "XKX": "RKS", "XXK": "RKS"}


@lru_cache(CODES_REMEMBERED)
def country(code: str) -> str:
    """The two-letter code of a country (ISO 3166-1 alpha-2), from two or three letters.

    Raises Invalid where there is no such country.
    """
    text = code.strip().upper()
    if text in _BY_TWO:
        return text
    two = _BY_THREE.get(text, ("", ""))[0]
    if not two:
        raise Invalid(
            f"{code!r} is no country code.",
            do="Use two letters as in ISO 3166-1, such as XB for Bergenia.",
        )
    return two


@lru_cache(CODES_REMEMBERED)
def issuer(code: str) -> str:
    """The three-letter code of an issuer of travel documents (ICAO Doc 9303-3), from two or three letters.

    Germany's one-letter D, the three codes of Kosovo and padded codes (`D<<`) are understood. Raises Invalid.
    """
    text = code.strip().upper().rstrip("<")
    if text in _ALSO_PRINTED:
        return _ALSO_PRINTED[text]
    if text in _BY_THREE:
        return text
    if text in _THREE_OF_TWO:
        return _THREE_OF_TWO[text]
    raise Invalid(
        f"{code!r} is no issuer of travel documents.",
        do="Use the three letters printed on the document (ICAO Doc 9303-3), such as XBE for Bergenia.",
    )


@lru_cache(CODES_REMEMBERED)
def country_of_issuer(code: str) -> str:
    """The country behind an issuer's three letters, or '' where the issuer is no state."""
    return _BY_THREE.get(issuer(code), ("", ""))[0]


def country_called(name: str) -> str:
    """The two-letter code of the country with that English short name, however capitalised; '' where there is none."""
    wanted = name.strip().casefold()
    return next((two for two, called in _BY_TWO.items() if called.casefold() == wanted), "")


def country_name(code: str) -> str:
    """The English short name behind a two- or three-letter code; the code itself where unknown."""
    text = code.upper()
    return _BY_TWO.get(text) or _BY_THREE.get(text, ("", code))[1]
