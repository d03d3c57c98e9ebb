"""A decision made again from the texts it was taken under: is it the same to the last word?"""

from collections.abc import Mapping, Sequence

import msgspec

from comity.domain.decision import Decision, Taken
from comity.domain.errors import Missing
from comity.law.decision import Law, decide
from comity.law.instruments import read_instrument
from comity.law.rulebook import Rulebook


def replay(taken: Taken, texts: Mapping[str, bytes], book: Rulebook) -> Decision:
    """The decision as it comes out today, from the same texts, by Cedar as one set of policies for each instrument.

    `texts` are by digest. Raises Missing where one of them is not there.
    """
    wanted = [digest for digest in taken.decision.digests if digest != book.digest]
    if len(wanted) == len(taken.decision.digests) and wanted:
        raise Missing(
            f"It was taken under another rulebook than this one ({book.digest[:16]}).",
            do="Name the folder of the rulebook of that release.",
        )
    if lost := [digest for digest in wanted if digest not in texts]:
        raise Missing(f"The text {lost[0]} is not on file.", do="Restore it; every text ever adopted is kept.")
    found = [(read_instrument(texts[digest], digest[:16], book), digest) for digest in wanted]
    law = Law(found, book, remembering=False)
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
