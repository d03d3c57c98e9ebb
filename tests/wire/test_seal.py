"""Sealed letters: written, read by those they are for, and by nobody else."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.domain.mail import Urgency
from comity.wire import seal
from tests.wire.cast import signer
from tests.wire.letters import MESSAGE, keys, opened, sealed

LETTER = sealed()


@pytest.mark.parametrize("me", ["bergenia", "corvia", "aldova"])
def test_each_recipient_reads_what_was_written_and_so_does_the_sender(me):
    read = opened(LETTER, me)
    assert msgspec.structs.replace(read, rcpt={}) == MESSAGE
    assert set(read.rcpt) == {"aldova", "bergenia", "corvia"}


def test_the_post_room_reads_the_outside_and_no_more():
    route = seal.read_route(LETTER.route, "aldova", signer("aldova").public)
    assert (route.id, route.sender, route.recipients) == (MESSAGE.id, "aldova", ("bergenia", "corvia"))
    assert (route.ct_bytes, route.ct_sha256) == (len(LETTER.box), seal.digest(LETTER.box))
    assert (route.priority, route.traffic, route.expires) == (Urgency.URGENT, "letters", MESSAGE.expires)
    assert b"white van" not in LETTER.route + LETTER.box


def test_whose_keys_to_read_a_route_with_stands_in_it():
    assert seal.claimed_sender(LETTER.route) == "aldova"
    with pytest.raises(TooLarge):
        seal.claimed_sender(b"[" * (limits.ROUTE_BYTES_MAX + 1))


def test_a_copy_for_one_recipient_does_not_name_the_others():
    copy = MESSAGE.copy_for("bergenia", "0195510c-7a00-7000-8000-000000000012")
    read = opened(seal.seal(copy, signer("aldova"), keys("bergenia"), Urgency.ROUTINE))
    assert read.recipients == ("bergenia",)
    assert b"corvia" not in msgspec.json.encode(read)
    assert read.body == MESSAGE.body


@pytest.mark.parametrize("names", [(), ("bergenia",), ("bergenia", "corvia", "hub"), ("aldova",), ("aldova", "corvia")])
def test_keys_must_be_those_of_the_recipients(names):
    with pytest.raises(Invalid):
        seal.seal(MESSAGE, signer("aldova"), keys(*names), Urgency.URGENT)


@pytest.mark.parametrize("body", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":1.0}', b'{"a":1', b"", b'{"a":1,"a":1}'])
def test_a_body_in_any_but_canonical_form_is_not_sealed(body):
    with pytest.raises(Invalid):
        sealed(msgspec.structs.replace(MESSAGE, body=Raw(body)))


def test_a_body_with_fractions_and_marks_beyond_the_basic_plane_is_read_as_it_was_written():
    body = Raw(seal.encode({"\U0001f600": 1.5, "ﬀ": [1e300, -0.5]}))
    assert opened(sealed(msgspec.structs.replace(MESSAGE, body=body))).body == body


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
bodies = st.dictionaries(texts, texts | st.integers(-(2**53) + 1, 2**53 - 1) | st.lists(st.booleans()), max_size=5)


@settings(max_examples=30, deadline=None)
@given(bodies, st.sets(st.sampled_from(["aldova", "corvia", "hub"]), max_size=3), st.sampled_from(Urgency))
def test_whatever_is_written_to_whomever_is_read_by_each_of_them(body, others, urgency):
    recipients = ("bergenia", *sorted(others - {"aldova"}))
    message = msgspec.structs.replace(
        MESSAGE,
        recipients=recipients,
        seq=dict.fromkeys(recipients, 1),
        prev=dict.fromkeys(recipients, ""),
        body=Raw(seal.encode(body)),
    )
    letter = seal.seal(message, signer("aldova"), keys("bergenia", *others), urgency)
    for name in ("bergenia", *others):
        assert msgspec.structs.replace(opened(letter, name), rcpt={}) == message
    assert len(letter.box) < 64 * 1024
