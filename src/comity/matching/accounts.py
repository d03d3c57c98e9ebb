"""Bank accounts and cards: IBAN, BIC and card numbers in canonical form, and what their check digits say."""

import re

from comity.domain.country import country
from comity.domain.errors import Invalid
from comity.matching.checks import Checked, Verdict, checked, malformed
from comity.matching.numbers import document_number

# What follows the two letters and two check digits, by country: n digits, a capital letters, c either
# (ISO 13616, register of the Society for Worldwide Interbank Financial Telecommunication).
_STRUCTURES = """
AD 8n12c  AE 19n    AL 8n16c  AT 16n    AZ 4a20c  BA 16n    BE 12n    BG 4a6n8c BH 4a14c  BI 23n    BR 23n1a1c
BY 4c4n16c CH 5n12c CR 18n    CY 8n16c  CZ 20n    DE 18n    DJ 23n    DK 14n    DO 4c20n  EE 16n    EG 25n
ES 20n    FI 14n    FK 2a12n  FO 14n    FR 10n11c2n GB 4a14n GE 2a16n GI 4a15c  GL 14n    GR 7n16c  GT 4c20c
HN 4a20n  HR 17n    HU 24n    IE 4a14n  IL 19n    IQ 4a15n  IS 22n    IT 1a10n12c JO 4a4n18c KW 4a22c KZ 3n13c
LB 4n20c  LC 4a24c  LI 5n12c  LT 16n    LU 3n13c  LV 4a13c  LY 21n    MC 10n11c2n MD 20c  ME 18n    MK 3n10c2n
MN 16n    MR 23n    MT 4a5n18c MU 4a19n3a NI 4a20n NL 4a10n  NO 11n   OM 3n16c  PK 4a16c  PL 24n    PS 4a21c
PT 21n    QA 4a21c  RO 4a16c  RS 18n    RU 14n15c SA 2n18c  SC 4a20n3a SD 14n   SE 20n    SI 15n    SK 20n
SM 1a10n12c SO 19n  ST 21n    SV 4a20n  TL 19n    TN 20n    TR 5n17c  UA 6n19c  VA 18n    VG 4a16n  XK 16n
YE 4a4n18c
""".split()  # noqa: SIM905
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}


def _pattern(structure: str) -> re.Pattern[str]:
    parts = re.findall(r"(\d+)([nac])", structure)
    return re.compile("".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in parts))


_PATTERNS = {code: _pattern(form) for code, form in zip(_STRUCTURES[::2], _STRUCTURES[1::2], strict=True)}
_IBAN = re.compile(r"([A-Z]{2})([0-9]{2})([A-Z0-9]{11,30})")
_BIC = re.compile(r"[A-Z0-9]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")


def check_iban(text: str) -> Checked:
    """An IBAN: the structure of its country, and its two check digits (ISO 7064, MOD 97-10)."""
    canonical = document_number(text).removeprefix("IBAN")
    found = _IBAN.fullmatch(canonical)
    if not found:
        return malformed(canonical, "form")
    code, digits, account = found.groups()
    if code not in _PATTERNS:
        return malformed(canonical, "country-without-iban")
    if not _PATTERNS[code].fullmatch(account):
        return malformed(canonical, "structure-of-country")
    # 98 is the largest that the rule gives; 00, 01 and 99 would pass the division and are never issued.
    number = int("".join(str(int(sign, 36)) for sign in f"{account}{code}{digits}"))
    return checked(canonical, number % 97 == 1 and 2 <= int(digits) <= 98)


def check_bic(text: str) -> Checked:
    """A BIC (ISO 9362) by its form and country; the head office is written without its XXX. It has no check digit."""
    canonical = document_number(text)
    found = _BIC.fullmatch(canonical)
    if not found:
        return malformed(canonical, "form")
    try:
        country(found[1])
    except Invalid:
        return malformed(canonical, "country")
    return Checked(
        canonical[:8] if canonical.endswith("XXX") and len(canonical) == 11 else canonical, Verdict.WELL_FORMED
    )


def check_card(text: str) -> Checked:
    """A card's number (ISO/IEC 7812): 12 to 19 digits, the last by Luhn's rule."""
    canonical = document_number(text)
    if not (canonical.isascii() and canonical.isdigit() and 12 <= len(canonical) <= 19):
        return malformed(canonical, "twelve-to-nineteen-digits")
    return checked(canonical, luhn(canonical[:-1]) == canonical[-1])


def luhn(digits: str) -> str:
    """The check digit after these (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def masked_card(text: str) -> str:
    """As a card may be shown: its first six and last four digits."""
    canonical = document_number(text)
    return f"{canonical[:6]}{'*' * (len(canonical) - 10)}{canonical[-4:]}" if len(canonical) >= 12 else ""
