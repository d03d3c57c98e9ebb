"""A decision made again from the texts it was taken under: is it the same to the last word?"""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from comity.domain.bundle import SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.decision import Decision, Taken
from comity.domain.errors import Invalid, Missing
from comity.domain.lookup import Reason
from comity.law.bundles import of_document
from comity.law.decision import Law, decide
from comity.law.instruments import read_instrument
from comity.law.published import Published
from comity.law.rulebook import NUL, kept_rulebook

NO_DOCUMENTS: Mapping[str, SignedLaw] = MappingProxyType({})


def replay(taken: Taken, texts: Mapping[str, bytes], published: Mapping[str, SignedLaw] = NO_DOCUMENTS) -> Decision:
    """The decision as it comes out today, from the same texts, by Cedar as one set of policies for each instrument.

    `texts` are by digest, the rulebook's among them, and so are `published` bundles and withdrawals. Raises Missing
    where one of them is not there.
    """
    on_file = {**texts, **{digest: one.document for digest, one in published.items()}}
    wanted = taken.decision.digests
    if lost := [digest for digest in wanted if digest not in on_file]:
        raise Missing(f"The text {lost[0]} is not on file.", do="Restore it; every text ever in use is kept.")
    changed = [digest for digest in wanted if hashlib.sha256(on_file[digest]).hexdigest() != digest]
    # A text that was changed on file would make a wrong decision look right. Falls without it: tests/law/test_replay.py
    if changed:
        raise Invalid(f"The text {changed[0]} on file is not the one of that digest.", do="Restore it from a backup.")
    plain = {digest: texts[digest] for digest in wanted if digest not in published}
    books = [text for text in plain.values() if NUL in text]
    book = kept_rulebook(books[0]) if books else None
    found = [(read_instrument(text, digest[:16], book), digest) for digest, text in plain.items() if NUL not in text]
    in_use = _published([published[digest] for digest in wanted if digest in published], taken)
    law = Law(found, book, remembering=False, published=in_use)
    if taken.own_rules is not None:
        return law.own_rules(taken.request, taken.own_rules)
    return decide(taken.request, taken.envelope, law, taken.on)


def _published(documents: Sequence[SignedLaw], taken: Taken) -> Published:
    """What these documents put into use on that day, and what the node knew to be missing."""
    withdrawals = [one for one in documents if isinstance(one, SignedWithdrawal)]
    found = [of_document(one, withdrawals, taken.on) for one in documents if isinstance(one, SignedBundle)]
    return Published(
        filed=tuple(each for one in found for each in one.filed),
        gaps=(*taken.gaps, *(gap for one in found for gap in one.gaps)),
    )


def differences(before: Decision, after: Decision) -> Sequence[str]:
    """What of it is not the same, field by field; none where it is the same to the last word."""
    return [
        f"{name}: was {_written(getattr(before, name))}, is {_written(getattr(after, name))}"
        for name in before.__struct_fields__
        if _written(getattr(before, name)) != _written(getattr(after, name))
    ]


def in_other_words(before: Decision, after: Decision) -> bool:
    """Whether only the words of a reason differ, not what was decided, nor by what."""
    return before != after and _wordless(before) == _wordless(after)


def _wordless(found: Decision) -> Decision:
    layers = tuple(replace(one, reason=_clause_alone(one.reason)) for one in found.layers)
    return replace(found, reason=_clause_alone(found.reason), layers=layers)


def _clause_alone(reason: Reason | None) -> Reason | None:
    return reason and replace(reason, text="", needed="")


def _written(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
