"""One text of law taken alone: what it would say if no other stood beside it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from comity.domain.decision import LayerDecision, Request
from comity.law import layers
from comity.law.facts import Facts
from comity.law.texts import Bound, Slice

_NONE = Slice((), (), (), (), ())

# layer: where its texts stand in a slice
LAYERS = {
    "organisation": "organisation",
    "agreement": "agreements",
    "asker-law": "asker_law",
    "owner-law": "owner_law",
}


def texts(bound: Slice) -> Iterator[tuple[str, Bound]]:
    """Every text of the slice with the layer in which it stands, layer by layer."""
    for layer, field in LAYERS.items():
        for one in getattr(bound, field):
            yield layer, one


def alone(layer: str, one: Bound, request: Request, seen: Facts, today: date) -> LayerDecision | None:
    """What that text says by itself in that layer; None where it adds nothing, because it is not in force yet."""
    match layer:
        case "agreement":
            return layers.agreements(replace(_NONE, agreements=(one,)), request, seen, today)
        case "organisation":
            return next(layers.organisation(replace(_NONE, organisation=(one,)), request, seen, today), None)
        case "asker-law":
            return next(layers.national_laws(replace(_NONE, asker_law=(one,)), request, seen, today), None)
        case _:
            return next(layers.national_laws(replace(_NONE, owner_law=(one,)), request, seen, today), None)
