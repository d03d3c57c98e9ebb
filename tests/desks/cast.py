"""Who asks and writes in the tests of the desks, and how the two sides are looked at."""

from collections.abc import Iterable

import msgspec

from comity.desks.needs import Transaction
from comity.domain.caller import Caller, Role
from comity.domain.hit import Hit
from comity.domain.journal import Entry
from comity.domain.letter import Body
from comity.domain.lookup import Answer
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.conftest import STOLEN


def no_request(tx: Transaction) -> None:
    """A request that no door brought: nothing to note."""


def as_(roles: Iterable[Role], bureau: str = ALDOVA, on_behalf_of: str = "") -> Caller:
    """Somebody with these roles and no other."""
    return Caller(
        account="somebody",
        login="somebody",
        bureau=bureau,
        country={ALDOVA: "XA", BERGENIA: "XB"}.get(bureau, ""),
        unit="headquarters",
        roles=frozenset(roles),
        on_behalf_of=on_behalf_of,
    )


def everyone_but(*roles: Role, bureau: str = ALDOVA) -> Caller:
    return as_(set(Role) - set(roles), bureau)


def send(federation: Federation, sender: str, recipient: str, body: Body) -> None:
    """Write what the sender's own desks would not let it write, and deliver it."""
    with federation[sender].store.transaction() as tx:
        tx.outbox.send(recipient, body, federation.time())
        tx.commit()
    federation.post()


def bring(federation: Federation, sender: str, recipient: str) -> None:
    """What one bureau wrote to another comes there, sealed; what the hub itself has written still waits."""
    federation.carry(sender)
    federation.carry(recipient)


def hit_at(federation: Federation, node: str, hit: str) -> Hit | None:
    with federation[node].store.reading() as tx:
        return tx.hits.get(hit)


def put_hit(federation: Federation, node: str, hit: Hit) -> None:
    with federation[node].store.transaction() as tx:
        tx.hits.put(hit)
        tx.commit()


def found_by_ada(federation: Federation, source: str = HUB) -> str:
    """The id of her hit on Bergenia's stolen passport."""
    return federation.answer_of(source, federation.ask("ada", STOLEN)).findings[0].hit


def only_the_hub_answers_ada(federation: Federation) -> Answer:
    """Bergenia is out of reach, and learns of the hit by letter alone: it waits."""
    federation.line.out_of_reach = {BERGENIA}
    answer = federation.ask("ada", STOLEN)
    federation.line.out_of_reach = set()
    return answer


def why_not(federation: Federation, node: str, subject: str) -> list[str]:
    """Why letters about something changed nothing at a node."""
    entries: list[Entry] = [one for one in federation.journal(node) if one.subject == subject]
    return [str(one.details["why"]) for one in entries if one.outcome == "not-applied"]


def changed(value: msgspec.Struct, **fields: object) -> msgspec.Struct:
    return msgspec.structs.replace(value, **fields)
