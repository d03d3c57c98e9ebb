"""A key manifest lists what can be used, keeps to what it said before, and fits into one entry of the log."""

from datetime import timedelta

import msgspec
import pytest

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, TooLarge
from comity.domain.keys import EpochKey, epoch_number
from comity.keys.own import next_root
from comity.wire.canonical import b64u, encode
from comity.wire.keys import custodian, epoch_key_id, kept_chain, quorum, read, signed_keys, signed_root
from comity.wire.threshold import KEYS, ROOT, signatures, verified
from tests.wire.cast import NOW, signer
from tests.wire.key_cast import (
    ANNA,
    BORIS,
    DOCUMENTS,
    EPOCH,
    FIRST_KEYS,
    FIRST_ROOT,
    IN_FORCE,
    SECOND_KEYS,
    epoch_key,
    keys_after,
    revocation,
    signed,
    taken,
)

SOON = NOW + timedelta(days=1)


def test_the_key_of_a_moment_is_that_of_its_week():
    monday = FIRST_KEYS.epochs[1].begins_at
    assert (monday.weekday(), monday.hour, monday.minute) == (0, 0, 0)
    assert FIRST_KEYS.epoch(monday) == FIRST_KEYS.epochs[1]
    assert FIRST_KEYS.epoch(monday - timedelta(microseconds=1)) == FIRST_KEYS.epochs[0]
    assert FIRST_KEYS.epoch(FIRST_KEYS.epochs[-1].ends_at) is None
    assert epoch_number(NOW) == EPOCH


def test_what_is_kept_is_read_again_as_it_was_proved():
    assert kept_chain(DOCUMENTS["3_root"], DOCUMENTS["4_keys"]) == IN_FORCE
    assert kept_chain(None, None) is None


def test_a_type_of_a_later_release_is_read_as_none():
    payload = encode({"hello": "later"})
    both = signatures(payload, "comity.keys.2", ANNA)
    assert read(signed(FIRST_ROOT, ANNA).replace(*_headers(both, FIRST_ROOT))) is None


def _headers(both, said):
    """(the first header of what is signed as today, the same of a later type)"""
    today = signatures(encode(said), ROOT, ANNA)[0].protected
    return today.encode(), both[0].protected.encode()


def test_what_is_revoked_cannot_be_listed():
    kid = epoch_key_id(SECOND_KEYS.epochs[2])
    with pytest.raises(Invalid, match="revoked and listed"):
        signed_keys(keys_after(IN_FORCE, SOON, revocations=(revocation(kid),)), [])


def test_an_epoch_gets_another_key_only_where_the_old_one_is_revoked():
    old = SECOND_KEYS.epochs[1]
    new = tuple(
        epoch_key(one.number, "aldova again") if one.number == old.number else one for one in SECOND_KEYS.epochs
    )
    with pytest.raises(Conflict, match="not revoked"):
        taken(signed(keys_after(IN_FORCE, SOON, epochs=new), ANNA, BORIS), IN_FORCE)
    instead = keys_after(IN_FORCE, SOON, epochs=new, revocations=(revocation(epoch_key_id(old)),))
    assert taken(signed(instead, ANNA, BORIS), IN_FORCE).manifest == instead


def test_a_key_that_is_no_x_wing_key_is_refused():
    short = (EpochKey(number=EPOCH, xwing=b64u(b"x" * 1215)),)
    with pytest.raises(Invalid):
        signed_keys(keys_after(IN_FORCE, SOON, epochs=short), [])


def test_the_largest_documents_fit_into_one_entry_of_the_log():
    """Three of five hand over to three of five others; ten epochs under three signatures."""
    old, new = ([signer(f"{which} {n}", 87) for n in range(limits.CUSTODIANS_MAX)] for which in ("old", "new"))
    people = [custodian(f"custodian-with-a-longer-name-{n}", one.public) for n, one in enumerate(new)]
    said = next_root(IN_FORCE, people, 3, SOON)
    both = [signatures(encode(said), ROOT, one) for one in (*old[:3], *new[:3])]
    assert len(signed_root(said, both)) <= limits.KEY_ENTRY_BYTES_MAX
    keys = keys_after(IN_FORCE, SOON, epochs=tuple(epoch_key(EPOCH + n) for n in range(limits.EPOCHS_AHEAD_MAX)))
    many = tuple(revocation(epoch_key_id(epoch_key(n))) for n in range(20))
    keys = msgspec.structs.replace(keys, revocations=many)
    assert len(signed_keys(keys, [signatures(encode(keys), KEYS, one) for one in new[:3]])) <= 65_535


def test_what_fits_into_no_entry_is_not_signed():
    both = signatures(b"x", ROOT, ANNA)
    with pytest.raises(TooLarge):
        signed_root(FIRST_ROOT, [both] * 10)


def test_every_quorum_must_be_reached():
    payload = verified(DOCUMENTS["4_keys"], KEYS, [quorum(IN_FORCE.root)])
    assert payload == encode(SECOND_KEYS)
