"""A hub that puts a key of its own in the place of a bureau's, in a log that it signs: nobody seals to it."""

import pytest
from msgspec.structs import replace

from comity.desks.shelves.keys import KeyEntry
from comity.domain.errors import Conflict, Refusal, Unauthenticated
from comity.domain.journal import Act
from comity.domain.keys import EpochKey, epoch_number
from comity.keys.own import first_root, next_keys, signed_alone
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.age import Identity, decrypt
from comity.wire.canonical import b64u
from comity.wire.manifest import root_pair
from comity.wire.threshold import KEYS, ROOT
from tests.federation.post_cast import arrived, write

MINE = [Identity.generate() for _ in range(8)]  # whose private halves the hub has


def manifest_for_the_hub(federation: Federation) -> bytes:
    """Bergenia's next key manifest in everything but the keys and who signs."""
    chain = federation[HUB].key_book.chain_of(BERGENIA)
    number = epoch_number(federation.time())
    epochs = tuple(EpochKey(number=number + week, xwing=b64u(one.recipient.public)) for week, one in enumerate(MINE))
    said = next_keys(chain, federation[BERGENIA].manifest, epochs, federation.time())
    return signed_alone(said, federation[HUB].keys.root)


def root_for_the_hub(federation: Federation) -> bytes:
    """A root of Bergenia whose one custodian is the hub."""
    chain = federation[HUB].key_book.chain_of(BERGENIA)
    said = first_root(BERGENIA, root_pair(federation[HUB].manifest), federation.time())
    said = replace(said, version=chain.root.version + 1, previous=chain.root_digest)
    return signed_alone(said, federation[HUB].keys.root)


def logged(federation: Federation, typ: str, version: int, document: bytes) -> None:
    """Past the desk that would refuse it: the hub appends it and signs its log."""
    with federation[HUB].store.transaction() as tx:
        tx.key_log.append([KeyEntry(BERGENIA, typ, version, document)])
        federation[HUB].key_log._sign(tx)
        tx.commit()


@pytest.mark.parametrize("typ", [KEYS, ROOT])
def test_it_cannot_swap_the_keys_that_letters_are_sealed_to(federation: Federation, typ: str):
    key, _ = federation[ALDOVA].sealed_courier.keys.key_for(BERGENIA, federation.time())
    document = manifest_for_the_hub(federation) if typ == KEYS else root_for_the_hub(federation)
    logged(federation, typ, 2, document)
    for name in (ALDOVA, BERGENIA, CORVIA):
        for _ in range(2):
            with pytest.raises((Unauthenticated, Conflict)):
                federation[name].key_follower.follow_once()
        refused = [one for one in federation.journal(name) if one.act is Act.KEYS_REFUSED]
        assert len(refused) == 1
        assert "hub/keys" in refused[0].details["shown"]  # the hub's signature under a log that holds it

    write(federation, "not for the hub")
    federation[ALDOVA].sealed_courier.bring()
    with federation[HUB].store.reading() as tx:
        (held,) = tx.postroom.waiting(BERGENIA, 10, 10**6)
    with pytest.raises(Refusal):
        decrypt(held.sealed.box, MINE)
    federation[BERGENIA].sealed_courier.fetch()
    assert arrived(federation) == ["not for the hub"]
    assert federation[ALDOVA].sealed_courier.keys.key_for(BERGENIA, federation.time())[0] == key

    federation.time.pass_by(
        minutes=61
    )  # nothing that can be believed was heard: what is written waits, and is not sealed
    write(federation, "later")
    federation[ALDOVA].sealed_courier.bring()
    with federation[ALDOVA].store.reading() as tx:
        assert (tx.outbox.depths(), tx.sealed.depths().get(BERGENIA, 0)) == (
            {BERGENIA: 1},
            1,
        )  # the first has no receipt


def test_its_own_desk_takes_no_such_document(federation: Federation):
    for document in (manifest_for_the_hub(federation), root_for_the_hub(federation)):
        with pytest.raises((Unauthenticated, Conflict)):
            federation[HUB].key_log.publish(document, federation[HUB].directory().member(BERGENIA))
