"""A decision made again from the texts it was taken under: is it the same to the last word?"""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from comity.domain.decision import Decision, Taken
from comity.domain.errors import Invalid, Missing
from comity.law.decision import Law, decide
from comity.law.instruments import read_instrument
from comity.law.rulebook import NUL, kept_rulebook


def replay(taken: Taken, texts: Mapping[str, bytes]) -> Decision:
    """The decision as it comes out today, from the same texts, by Cedar as one set of policies for each instrument.

    `texts` are by digest, the rulebook's among them. Raises Missing where one of them is not there.
    """
    wanted = taken.decision.digests
    if lost := [digest for digest in wanted if digest not in texts]:
        raise Missing(f"The text {lost[0]} is not on file.", do="Restore it; every text ever in use is kept.")
    changed = [digest for digest in wanted if hashlib.sha256(texts[digest]).hexdigest() != digest]
    # A text that was changed on file would make a wrong decision look right. Falls without it: tests/law/test_replay.py
    if changed:
        raise Invalid(f"The text {changed[0]} on file is not the one of that digest.", do="Restore it from a backup.")
    books = [texts[digest] for digest in wanted if NUL in texts[digest]]
    book = kept_rulebook(books[0]) if books else None
    found = [
        (read_instrument(texts[digest], digest[:16], book), digest) for digest in wanted if NUL not in texts[digest]
    ]
    law = Law(found, book, remembering=False)
    if taken.own_rules is not None:
        return law.own_rules(taken.request, taken.own_rules)
    return decide(taken.request, taken.envelope, law, taken.on)


def differences(before: Decision, after: Decision) -> Sequence[str]:
    """What of it is not the same, field by field; none where it is the same to the last word."""
    return [
        f"{name}: was {_written(getattr(before, name))}, is {_written(getattr(after, name))}"
        for name in before.__struct_fields__
        if _written(getattr(before, name)) != _written(getattr(after, name))
    ]


def _written(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
