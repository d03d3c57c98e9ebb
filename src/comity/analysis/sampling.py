"""Which entries of the journal are reviewed: drawn by lot, alike or by what could be wrong; by its seed again."""

import hashlib
import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from comity.domain.journal import Act, Entry, Opening
from comity.domain.lookup import PersonQuery
from comity.domain.oversight import asked_of, on_behalf_of
from comity.domain.purpose import Purpose
from comity.domain.spot_check import Draw, Drawn

# What people did with records, and had to state a purpose or a reason for.
CHECKED = (
    Act.LOOKUP_ASKED,
    Act.LOOKUP_REFUSED,
    Act.RECORD_SHOWN,
    Act.RECORDS_EXPORTED,
    Act.RECORD_PASSED,
    Act.PASSING_SHOWN,
    Act.BATCH_EXPORTED,
    Act.LINK_SHOWN,
    Act.CASE_SHOWN,
    Act.MESSAGE_SENT,
)


class Risk(Struct, frozen=True):
    """What makes it worth a look, and by how much likelier an entry is drawn for it."""

    name: str
    weight: float
    has: Callable[[Entry], bool]


def _broad(entry: Entry) -> bool:
    """A question about a person by less than a name, or by a name with signs that stand for any."""
    asked = asked_of(entry)
    return isinstance(asked, PersonQuery) and (asked.wildcard or asked.sounds_like or not asked.name.strip())


RISKS = (
    Risk("an override was stated", 8.0, lambda entry: "overrides" in entry.details),
    Risk("many records left at once", 6.0, lambda entry: entry.act in (Act.RECORDS_EXPORTED, Act.BATCH_EXPORTED)),
    Risk("it went on to a third party", 4.0, lambda entry: entry.act is Act.RECORD_PASSED),
    Risk("a broad question about persons", 4.0, _broad),
    Risk("it was refused", 3.0, lambda entry: entry.act is Act.LOOKUP_REFUSED),
    Risk("a person was looked up at a border", 2.0, lambda entry: _person_for(entry, Purpose.BORDER_CONTROL)),
    Risk("a system asked for an officer", 1.0, lambda entry: bool(on_behalf_of(entry))),
)


def _person_for(entry: Entry, purpose: Purpose) -> bool:
    return entry.purpose == purpose and isinstance(asked_of(entry), PersonQuery)


def drawn(population: Sequence[Opening], seed: str, count: int, draw: Draw) -> tuple[Drawn, ...]:
    """So many of them, in the order of the journal. Who has the seed draws the same from the same.

    Each entry's lot is -ln(u) / weight with u from the seed and its number; the smallest lots are drawn (Efraimidis and
    Spirakis, Weighted random sampling with a reservoir, 2006).
    """
    lots = []
    for one in population:
        weight, reasons = _weighed(one.entry) if draw is Draw.BY_RISK else (1.0, ())
        lot = -math.log(_uniform(seed, one.index)) / weight
        lots.append((lot, Drawn(index=one.index, weight=weight, reasons=reasons)))
    chosen = sorted(lots, key=lambda pair: (pair[0], pair[1].index))[:count]
    return tuple(sorted((found for _, found in chosen), key=lambda found: found.index))


def _weighed(entry: Entry) -> tuple[float, tuple[str, ...]]:
    found = [risk for risk in RISKS if risk.has(entry)]
    return 1.0 + sum(risk.weight for risk in found), tuple(risk.name for risk in found)


def _uniform(seed: str, index: int) -> float:
    """Between 0 and 1, never 0."""
    digest = hashlib.blake2b(index.to_bytes(8, "big"), key=bytes.fromhex(seed), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 1) / 2.0**64
