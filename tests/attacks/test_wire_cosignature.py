"""Attacks on cosignatures: half a witness, another checkpoint, time or name, lines that were smuggled in."""

import struct
from datetime import UTC, datetime, timedelta

import pytest

from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire.checkpoint import verified, write
from comity.wire.cosignature import Witness, cosign, cosigned_by, with_cosignatures
from comity.wire.merkle import root_at, subtrees_of
from comity.wire.note import Line, read_lines, split, written
from tests.wire.cast import signer
from tests.wire.renew_golden import LEAVES, ORIGIN
from tests.wire.witnesses import witness

ALDOVA, CORVIA = witness("aldova"), witness("corvia")
BERGENIA = signer("bergenia")
TREE = subtrees_of(LEAVES)
CHECKPOINT = verified(write(ORIGIN, 7, root_at(7, TREE), BERGENIA, ORIGIN), ORIGIN, BERGENIA.public)
OTHER = verified(write(ORIGIN, 6, root_at(6, TREE), BERGENIA, ORIGIN), ORIGIN, BERGENIA.public)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LINES = cosign(CHECKPOINT, ALDOVA, NOW)
NOTE = with_cosignatures(CHECKPOINT.note, [(LINES, ALDOVA.witness)])


def test_a_cosigned_checkpoint_says_who_saw_it_and_when():
    both = with_cosignatures(NOTE, [(cosign(CHECKPOINT, CORVIA, NOW + timedelta(seconds=9)), CORVIA.witness)])
    seen = cosigned_by(both, [ALDOVA.witness, CORVIA.witness, witness("dorvia").witness])
    assert seen == {"aldova": NOW, "corvia": NOW + timedelta(seconds=9)}


def test_nodes_that_know_no_witnesses_read_it_as_before():
    assert verified(NOTE, ORIGIN, BERGENIA.public).root == CHECKPOINT.root


def test_a_newer_cosignature_takes_the_place_of_the_older_one():
    again = with_cosignatures(NOTE, [(cosign(CHECKPOINT, ALDOVA, NOW + timedelta(hours=1)), ALDOVA.witness)])
    assert len(split(again)[1]) == 4
    assert cosigned_by(again, [ALDOVA.witness]) == {"aldova": NOW + timedelta(hours=1)}


@pytest.mark.parametrize("kept", [0, 1])
def test_one_key_of_a_witness_says_nothing(kept):
    half = str(read_lines(LINES)[kept])
    assert cosigned_by(CHECKPOINT.note + half, [ALDOVA.witness]) == {}
    with pytest.raises(Unauthenticated):
        with_cosignatures(CHECKPOINT.note, [(half, ALDOVA.witness)])


@pytest.mark.parametrize("changed", [0, 1])
def test_a_cosignature_of_another_checkpoint_is_refused(changed):
    lines = read_lines(LINES)
    lines[changed] = read_lines(cosign(OTHER, ALDOVA, NOW))[changed]
    with pytest.raises(Unauthenticated, match="aldova"):
        cosigned_by(written(split(CHECKPOINT.note)[0], lines), [ALDOVA.witness])


@pytest.mark.parametrize("changed", [0, 1])
def test_the_time_is_signed_too(changed):
    lines = read_lines(LINES)
    line = lines[changed]
    later = struct.pack(">Q", int(NOW.timestamp()) + 3600) + line.signature[8:]
    lines[changed] = Line(line.name, line.key_id, later)
    with pytest.raises(Unauthenticated):
        cosigned_by(written(split(CHECKPOINT.note)[0], lines), [ALDOVA.witness])


@pytest.mark.parametrize("signature", [b"", b"\xff" * 72, b"\xff" * 2428, bytes(7), bytes(8), bytes(73)])
def test_what_is_no_cosignature_is_refused(signature):
    for key in ALDOVA.witness.keys:
        note = CHECKPOINT.note + str(Line(key.name, key.key_id, signature))
        with pytest.raises(Refusal):
            cosigned_by(note, [Witness("aldova", (key,))])


def test_a_witness_under_another_name_is_another_witness():
    renamed = LINES.replace("— aldova ", "— corvia ")
    assert cosigned_by(CHECKPOINT.note + renamed, [ALDOVA.witness, CORVIA.witness]) == {}


def test_nothing_else_comes_in_with_an_answer():
    smuggled = LINES + cosign(CHECKPOINT, CORVIA, NOW)
    note = with_cosignatures(CHECKPOINT.note, [(smuggled, ALDOVA.witness)])
    assert {line.name for line in split(note)[1]} == {ORIGIN, "aldova"}


def test_keys_of_two_names_or_of_other_types_are_no_witness():
    ed25519, ml_dsa = ALDOVA.witness.keys
    for keys in ((), (ed25519, CORVIA.witness.keys[1]), (type(ed25519)("aldova", 0x01, ed25519.key),)):
        with pytest.raises(Invalid):
            Witness("aldova", keys)
    with pytest.raises(Invalid):
        Witness("aldova", (type(ml_dsa)("aldova", 0x06, ml_dsa.key[:-1]),))


def test_an_answer_is_no_larger_than_a_note():
    with pytest.raises(TooLarge):
        with_cosignatures(CHECKPOINT.note, [(LINES * 9, ALDOVA.witness)])
