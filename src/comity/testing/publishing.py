"""Law signed by all whom it binds, and published, as the operators of a trial's nodes would do it in turn."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from comity.desks.bundles import Text
from comity.domain.caller import Caller
from comity.domain.instrument import Instrument, Layer
from comity.law.instruments import shaped
from comity.nodes.node import Node

OperatorOf = Callable[[Node], Caller]


def publish(
    nodes: Mapping[str, Node],
    texts: Iterable[Text],
    operator: OperatorOf,
    post: Callable[[], object],
    last_day: date | None = None,
    first_day: date | None = None,
) -> None:
    """Each text proposed by whoever stands first in it, then signed by all others; `post` carries all letters.

    An agreement of which not two parties are there is left out: nobody could sign it with the one.
    """
    for text in texts:
        instrument = shaped(text.content, text.name)
        if instrument.layer is Layer.AGREEMENT and not _two_are_there(nodes, instrument):
            continue
        first = _first_signatory(nodes, instrument)
        proposal = first.bundles.publish([text], operator(first), first_day=first_day, last_day=last_day)
        post()
        for node in nodes.values():
            if node is not first and _may_sign(node, proposal.digest):
                node.bundles.sign(proposal.digest, operator(node))
        post()


def _may_sign(node: Node, digest: str) -> bool:
    known = any(one.digest == digest for one in node.bundles.proposals())
    return known and node.here.node in node.bundles.shown(digest).bundle.nodes


def _two_are_there(nodes: Mapping[str, Node], instrument: Instrument) -> bool:
    """Of its parties; for an outside body, whose name is no country's, its host signs."""
    there = {node.here.party for node in nodes.values()}
    return sum(party in there or not party.isupper() for party in instrument.parties) > 1


def _first_signatory(nodes: Mapping[str, Node], instrument: Instrument) -> Node:
    by_party = {node.here.party: node for node in nodes.values()}
    named = [by_party[party] for party in instrument.parties if party in by_party]
    hub = next(node for node in nodes.values() if node.here.is_hub)
    return named[0] if named and instrument.layer is not Layer.ORGANISATION else hub
