"""Firearms: is this the one asked for? A serial number weighs what it tells; maker, model, type and calibre decide."""

import re
import unicodedata
from operator import eq

from comity.domain.firearm import Firearm, FirearmType
from comity.domain.lookup import FirearmQuery
from comity.domain.match import FieldMatch, Match
from comity.matching import numbers
from comity.matching.number_bits import as_match, is_hit, shared_number, word
from comity.matching.vehicles import plain, same_model

PRIOR_BITS = -20.0  # of a million firearms one is meant
OBLITERATED_BITS = -4.0  # a number that could only be read in part, or was made visible, is known less well
MAKE_CONFLICT_BITS = -7.0
MODEL_BITS, MODEL_CONFLICT_BITS = 3.0, -3.0  # beyond the make; models have many names
TYPE_BITS, TYPE_CONFLICT_BITS = 2.0, -4.0
CALIBRE_CONFLICT_BITS = -5.0
CALIBRE_PART_BITS = 1.0  # "9 mm" of 9x19
REPORT_CONFLICT_FROM = 0.01  # of a serial number that agrees while something else does not


def compare(query: FirearmQuery, firearm: Firearm) -> Match | None:
    """How near the firearm is to the one asked for; None where the serial number is another.

    A serial number that agrees is told, also without a maker, and then weighs little and says so. One that agrees
    while maker, type or calibre do not is told only where it remains likely.
    """
    serial = shared_number("serial", query.serial, firearm.serial, numbers.serial, query.near, 0.0)
    described = (_make(query, firearm), _model(query, firearm), _type(query, firearm), _calibre(query, firearm))
    found = as_match((serial, _obliterated(firearm), *described), PRIOR_BITS)
    contradicted = any(line is not None and line.how == "conflict" for line in described)
    # All is worked out first: what agrees and is withheld must not take longer than what does not agree.
    if not is_hit(serial) or (contradicted and found.probability < REPORT_CONFLICT_FROM):
        return None
    return found


def _obliterated(firearm: Firearm) -> FieldMatch | None:
    if not firearm.serial_obliterated:
        return None
    return FieldMatch(field="serial_obliterated", bits=OBLITERATED_BITS, how="obliterated")


def _make(query: FirearmQuery, firearm: Firearm) -> FieldMatch:
    """Without a maker on both sides the line says so: the number alone is weak."""
    found = word("make", query.make, firearm.make, _same_make, make_bits(query), MAKE_CONFLICT_BITS)
    return found or FieldMatch(field="make", bits=0.0, how="not-stated", asked=query.make, found=firearm.make)


def _model(query: FirearmQuery, firearm: Firearm) -> FieldMatch | None:
    """One model's name may be the beginning of the other's: 17, 17 Gen4."""
    return word("model", query.model, firearm.model, same_model, MODEL_BITS, MODEL_CONFLICT_BITS)


def _type(query: FirearmQuery, firearm: Firearm) -> FieldMatch | None:
    asked, found = query.type, firearm.type
    if asked is None or found is None:
        return None
    if asked is not found and any({asked, found} & pair == {asked, found} for pair in _RELATED_TYPES):
        return FieldMatch(field="type", bits=0.0, how="related", asked=asked, found=found)
    if FirearmType.PART in (asked, found) or FirearmType.OTHER in (asked, found):
        bits = TYPE_BITS if asked is found else 0.0
        return FieldMatch(
            field="type", bits=bits, how="exact" if asked is found else "related", asked=asked, found=found
        )
    return word("type", asked, found, eq, TYPE_BITS, TYPE_CONFLICT_BITS)


def _calibre(query: FirearmQuery, firearm: Firearm) -> FieldMatch | None:
    one, other = calibre(query.calibre), calibre(firearm.calibre)
    if not one or not other:
        return None
    if one != other and _only_the_bore(one, other):
        return FieldMatch(
            field="calibre", bits=CALIBRE_PART_BITS, how="part", asked=query.calibre, found=firearm.calibre
        )
    bits = _CALIBRE_BITS.get(one, _CALIBRE_BITS_ELSE)
    return word("calibre", query.calibre, firearm.calibre, _same_calibre, bits, CALIBRE_CONFLICT_BITS)


def _same_calibre(one: str, other: str) -> bool:
    return calibre(one) == calibre(other)


def _same_make(one: str, other: str) -> bool:
    return make(one) == make(other)


def _only_the_bore(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(f"{shorter}x")


_RELATED_TYPES = (
    frozenset((FirearmType.RIFLE, FirearmType.CARBINE)),
    frozenset((FirearmType.SUBMACHINE_GUN, FirearmType.MACHINE_GUN)),
    frozenset((FirearmType.RIFLE, FirearmType.MACHINE_GUN)),  # an assault rifle is called either
    frozenset((FirearmType.CARBINE, FirearmType.SUBMACHINE_GUN)),
)

# A calibre by the first name of its line. Each may be fired from arms marked with any name on the line, or clerks write
# one for the other; the marking itself stays as recorded.
_CALIBRES = (
    ("9x19", "9mm parabellum", "9mm para", "9mm luger", "9mm nato", "9 luger", "9 para", "9mmp", "9x19 parabellum"),
    ("9x18", "9mm makarov", "9 makarov", "9mm pm", "9x18 makarov"),
    ("9x17", ".380 acp", ".380 auto", "9mm kurz", "9mm short", "9mm browning", "9mm corto", "9mm court", "9mm k"),
    ("9x21", "9mm imi", "9x21 imi"),
    ("7.62x39", "7.62 m43", "7.62 soviet", "7.62mm kalashnikov", "7.62x39 m43"),
    ("7.62x51", "7.62 nato", ".308 winchester", ".308 win", ".308", "7.62x51 nato"),
    ("7.62x54r", "7.62x54", "7.62 russian", "7.62mm mosin"),
    ("7.62x25", "7.62 tokarev", "7.62 tok", "7.62 tt"),
    ("7.62x63", ".30-06", ".30-06 springfield", ".3006"),
    ("5.56x45", "5.56 nato", ".223 remington", ".223 rem", ".223", "5.56", "5.56x45 nato"),
    ("5.45x39", "5.45"),
    ("7.65x17", ".32 acp", ".32 auto", "7.65 browning", "7.65 br"),
    ("7.65x21", "7.65 parabellum", "7.65 luger", ".30 luger"),
    ("6.35x16", ".25 acp", ".25 auto", "6.35 browning", "6.35"),
    ("11.43x23", ".45 acp", ".45 auto", ".45"),
    ("10x22", ".40 s&w", ".40 smith & wesson", ".40 sw", ".40"),
    ("10x25", "10mm auto"),
    (".38special", ".38 spl", ".38 spec", ".38"),
    (".357magnum", ".357 mag", ".357"),
    (".44magnum", ".44 mag", ".44 rem mag"),
    ("5.6x15r", ".22 lr", ".22 long rifle", ".22 lfb", ".22", "5.6mm lfb"),
    ("7.92x57", "8x57", "8mm mauser", "7.92 mauser", "8x57 is"),
    ("7.7x56r", ".303 british", ".303"),
    ("12.7x99", ".50 bmg", "12.7 nato"),
    ("12.7x108", "12.7 dshk"),
    ("12gauge", "12 ga", "12 bore", "12/70", "12/76", "12/65", "12/89", "gauge 12", "12"),
    ("16gauge", "16 ga", "16 bore", "16/70", "gauge 16", "16"),
    ("20gauge", "20 ga", "20 bore", "20/70", "20/76", "gauge 20", "20"),
    (".410gauge", ".410", ".410 bore", "36/76", "410 gauge"),
)
# Agreement on what every third arm has tells little. Shares are stated after published seizures, not measured.
_CALIBRE_BITS = {"9x19": 2.0, "12gauge": 2.5, "5.6x15r": 3.0, "7.62x39": 3.0, "7.65x17": 3.5, "5.56x45": 3.5}
_CALIBRE_BITS_ELSE = 5.0


def calibre(text: str) -> str:
    """A calibre by one of its names; one that is not in the table as it is written, small and without blanks."""
    written = _bare_calibre(text)
    return _CALIBRE_OF.get(written) or _CALIBRE_OF.get(written.removeprefix("."), written)


def _bare_calibre(text: str) -> str:
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain_x = small.replace(",", ".").replace("×", "x").replace("х", "x")
    bare = re.sub(r"cal(?:ibre|iber)?\.?(?=[\s.\d])|mm", "", plain_x)
    return re.sub(r"[^\w./]|_|\.(?!\d)", "", bare)


def _calibre_names() -> dict[str, str]:
    """Every written form with its calibre; without the point before it only where no other calibre is written so."""
    names = {_bare_calibre(name): line[0] for line in _CALIBRES for name in line}
    bare = {name[1:]: line for name, line in names.items() if name.startswith(".") and len(name) > 3}
    return bare | names


_CALIBRE_OF = _calibre_names()

# Makers by the first name of their line; the others are what is stamped, abbreviated, or was its name before.
_MAKES = (
    ("glock", "glock gmbh", "glock ges.m.b.h."),
    ("beretta", "pietro beretta", "p. beretta", "fabbrica d'armi pietro beretta"),
    ("heckler koch", "heckler & koch", "heckler und koch", "hk", "h&k"),
    ("smith wesson", "smith & wesson", "smith and wesson", "s&w", "sw"),
    ("sig sauer", "sig", "sigsauer", "sig-sauer", "sig arms", "sauer & sohn", "j.p. sauer & sohn"),
    ("fn herstal", "fn", "fabrique nationale", "fabrique nationale herstal", "fabrique nationale d'armes de guerre"),
    ("browning", "browning arms"),
    ("ceska zbrojovka", "cz", "česká zbrojovka", "cz-ub", "čz"),
    ("walther", "carl walther", "carl walther waffenfabrik"),
    ("mauser", "mauser werke", "waffenfabrik mauser"),
    ("colt", "colt's", "colt manufacturing", "colts manufacturing"),
    ("ruger", "sturm ruger", "sturm, ruger & co"),
    ("taurus", "forjas taurus"),
    ("kalashnikov", "izhmash", "izhevsk", "izhevsky mekhanichesky zavod", "izhmekh", "baikal", "калашников", "ижмаш"),
    ("tula", "tulsky oruzheiny zavod", "toz", "тоз", "tula arms plant"),
    ("zastava", "crvena zastava", "zastava arms", "zastava oruzje", "застава", "yugo"),
    ("norinco", "china north industries"),
    ("remington", "remington arms"),
    ("winchester", "winchester repeating arms"),
    ("mossberg", "o.f. mossberg", "o.f. mossberg & sons"),
    ("steyr", "steyr mannlicher", "steyr arms"),
    ("iwi", "imi", "israel weapon industries", "israel military industries"),
    ("arsenal", "arsenal ad", "arsenal jsco"),
    ("cugir", "romarm", "fabrica de arme cugir"),
    ("radom", "fb radom", "lucznik", "fabryka broni", "łucznik"),
    ("canik", "samsun yurt savunma"),
    ("blow", "üçyıldız", "ucyildiz"),
    ("ekol", "voltran", "ekol voltran"),
)
_MAKE_BITS = {"glock": 3.5}
_MAKE_BITS_ELSE = 5.0


def make(text: str) -> str:
    """A maker by one of its names; one that is not in the table in small letters without accents and blanks."""
    return _MAKE_OF.get(plain(text), plain(text))


def make_bits(query: FirearmQuery) -> float:
    """What agreement on the maker weighs: little for the commonest."""
    return _MAKE_BITS.get(make(query.make), _MAKE_BITS_ELSE)


_MAKE_OF = {plain(name): plain(line[0]) for line in _MAKES for name in line}
