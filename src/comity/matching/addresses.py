"""Telephone numbers and e-mail addresses in canonical form, so that two spellings of one meet; accounts and wallets."""

import re
import unicodedata
from enum import StrEnum

from comity.domain.country import country as two_letters
from comity.domain.match import FieldMatch
from comity.matching.accounts import check_bic, check_card, check_iban
from comity.matching.calling_codes import CALLING_CODES, CODE_OF, INTERNATIONAL_PREFIXES, TRUNK_PREFIXES
from comity.matching.checks import Checked, Verdict, malformed
from comity.matching.numbered import Nearness, grade
from comity.matching.numbers import document_number
from comity.matching.wallets import chains, check_wallet


class AddressKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    BIC = "bic"
    CARD = "card"
    WALLET = "wallet"


# Agreement: a line, an account or a wallet belongs to one person or few; a bank's BIC to its customers.
_BITS = {
    AddressKind.PHONE: 22.0,
    AddressKind.EMAIL: 24.0,
    AddressKind.IBAN: 24.0,
    AddressKind.CARD: 24.0,
    AddressKind.WALLET: 24.0,
    AddressKind.BIC: 8.0,
}
MAILBOX_BITS_LESS = 2.0  # one mailbox by its provider's rules
LOOK_ALIKE_BITS_LESS = 12.0  # written to be taken for the other, or misread


def check_address(kind: AddressKind, text: str, country: str = "") -> Checked:
    """Canonical form and verdict. `country`: two letters, in which a telephone number without its code is dialled."""
    match kind:
        case AddressKind.PHONE:
            return check_phone(text, country)
        case AddressKind.EMAIL:
            return check_email(text)
        case AddressKind.IBAN:
            return check_iban(text)
        case AddressKind.BIC:
            return check_bic(text)
        case AddressKind.CARD:
            return check_card(text)
        case AddressKind.WALLET:
            found = chains(text)
            return check_wallet(text, found[0]) if found else malformed(text.strip(), "no-chain")


def compare_address(
    kind: AddressKind, asked: str, found: str, country: str = "", near: bool = False
) -> FieldMatch | None:
    """One line of an explanation; None where either side is empty. Look-alikes are told only where `near` was asked."""
    one, other = check_address(kind, asked, country).canonical, check_address(kind, found, country).canonical
    if not one or not other:
        return None
    bits, how = _likeness(kind, one, other, near)
    return FieldMatch(field=kind.value, bits=bits, how=how, asked=asked, found=found)


def _likeness(kind: AddressKind, one: str, other: str, near: bool) -> tuple[float, str]:
    if one == other:
        return _BITS[kind], Nearness.EXACT.value
    if kind is AddressKind.EMAIL and mailbox(one) == mailbox(other):
        return _BITS[kind] - MAILBOX_BITS_LESS, "same-mailbox"
    if near and kind is not AddressKind.BIC and _look_alike(kind, one, other):
        return max(0.0, _BITS[kind] - LOOK_ALIKE_BITS_LESS), Nearness.LOOK_ALIKE.value
    return 0.0, "conflict"  # people have several of each: another one says nothing


def _look_alike(kind: AddressKind, one: str, other: str) -> bool:
    if kind is AddressKind.EMAIL:
        return email_skeleton(one) == email_skeleton(other)
    graded = grade(document_number(one), document_number(other))
    return graded is not None and graded.nearness is Nearness.LOOK_ALIKE


# -- telephone numbers ------------------------------------------------------------------------------------------------

_EXTENSION = re.compile(r"(?:;\s*ext=|\bext\.?|\bextension|\bx|#|доб\.?)\s*\d{1,7}\s*$", re.IGNORECASE)
_PHONE_SIGNS = re.compile(r"[0-9+().\-\s/]*")
_NATIONAL_DIGITS_MIN = 4
_E164_DIGITS_MAX = 15


def check_phone(text: str, country: str = "") -> Checked:
    """A telephone number in the form of E.164: + country code and number. `country`: where it is dialled without code.

    A number without a country is not guessed at: its canonical form is then its bare digits, and it is malformed.
    """
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", text.removeprefix("tel:"))).strip()
    number = _EXTENSION.sub("", plain)
    reasons = ("extension-left-out",) if number != plain else ()
    if not _PHONE_SIGNS.fullmatch(number) or "+" in number.strip()[1:]:
        return malformed("".join(sign for sign in number if sign.isdigit()), "characters")
    digits = re.sub(r"\D", "", number.replace("(0)", "") if number.strip().startswith(("+", "00")) else number)
    code = two_letters(country) if country else ""
    whole = digits if number.strip().startswith("+") else _from_within(digits, code)
    if not whole:
        return malformed(digits, "no-country")
    calling = next((whole[:length] for length in (1, 2, 3) if whole[:length] in CALLING_CODES), "")
    if not calling:
        return malformed(f"+{whole}", "no-such-country-code")
    if not len(calling) + _NATIONAL_DIGITS_MIN <= len(whole) <= _E164_DIGITS_MAX:
        return malformed(f"+{whole}", "length")
    return Checked(f"+{whole}", Verdict.WELL_FORMED, reasons)


def _from_within(digits: str, code: str) -> str:
    """The number with its country code, as dialled in that country; '' where that cannot be told."""
    for prefix in INTERNATIONAL_PREFIXES.get(code, ("00",)):
        if digits.startswith(prefix) and len(digits) > len(prefix) + _NATIONAL_DIGITS_MIN:
            return digits[len(prefix) :]
    if code not in CODE_OF or not digits:
        return ""
    trunk = TRUNK_PREFIXES.get(code, "0")
    # Without the trunk prefix it is taken as it is: many write it so.
    return CODE_OF[code] + (digits[len(trunk) :] if trunk and _has_trunk(digits, trunk) else digits)


def _has_trunk(digits: str, trunk: str) -> bool:
    """An 8 or a 1 may also begin the number itself: then it is the trunk prefix only where ten digits follow."""
    return digits.startswith(trunk) and (trunk.startswith("0") or len(digits) == len(trunk) + 10)


def _digit(sign: str) -> str:
    """Digits of every script are digits."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


# -- e-mail -----------------------------------------------------------------------------------------------------------

_LOCAL = re.compile(r"[^\s@<>(),:;\"\[\]\\]{1,64}")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_EMAIL_CHARS_MAX = 254


def check_email(text: str) -> Checked:
    """An address in small letters, its domain in ASCII (IDNA). Tags and points stay: see `mailbox`.

    RFC 5321 lets a local part tell capital from small letters; no provider of note does, so they meet here.
    """
    bare = unicodedata.normalize("NFKC", text).strip().removeprefix("mailto:").strip("<>").casefold()
    local, _, domain = bare.rpartition("@")
    ascii_domain = _ascii_domain(domain.rstrip("."))
    if not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return malformed(bare, "local-part")
    if not ascii_domain or len(local) + 1 + len(ascii_domain) > _EMAIL_CHARS_MAX:
        return malformed(bare, "domain")
    return Checked(f"{local}@{ascii_domain}", Verdict.WELL_FORMED)


def _ascii_domain(domain: str) -> str:
    """'' where it is no domain. The standard library's IDNA is that of 2003: ß becomes ss."""
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = plain.split(".")
    return plain if len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) else ""


# Rules that providers publish of their own mailboxes, and no others: what stands after the sign is a tag.
_TAGS = {
    **dict.fromkeys(("gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com"), "+"),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), "+"),
}
_POINTS_IGNORED = {"gmail.com": ".", "proton.me": ".-_", "protonmail.com": ".-_", "pm.me": ".-_"}
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """The mailbox behind an address in canonical form, by its provider's published rules; else the address itself."""
    local, _, domain = address.rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    if sign := _TAGS.get(domain):
        local = local.split(sign, 1)[0] or local
    for ignored in _POINTS_IGNORED.get(domain, ""):
        local = local.replace(ignored, "") or local
    return f"{local}@{domain}"


# Small letters of other scripts, digits and pairs that are drawn like Latin letters.
_DRAWN_ALIKE = str.maketrans("авеіјкморсустухһԁԛѕɡοαικνρτυχ01", "abeijkmopcyctyxhdqsgoaikvptuxol")


def email_skeleton(address: str) -> str:
    """What an address looks like at a glance; two addresses with one skeleton are taken for each other."""
    local, _, domain = address.rpartition("@")
    try:
        shown = domain.encode("ascii").decode("idna")
    except UnicodeError:
        shown = domain
    drawn = f"{local}@{shown}".translate(_DRAWN_ALIKE)
    return drawn.replace("rn", "m").replace("vv", "w").replace("cl", "d").replace("i", "l")
