"""Attacks on sealed boxes: a second lock, a changed header, two texts of one meaning, content cut or added to."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain import limits
from comity.domain.errors import Invalid, Missing, Refusal, TooLarge
from comity.wire import age, age_header
from comity.wire.age import Identity, Recipient
from tests.attacks.hostile_boxes import ACCEPT, BERGENIA, CONTENT, CORVIA, GOOD, HOSTILE, REJECT
from tests.wire.letters import identity

# file: what its refusal must say, so that it is refused for its own defect
SAYS = {
    "x25519_recipient_added": "type 'X25519'",
    "x25519_recipient_first": "type 'X25519'",
    "x25519_recipient_alone": "type 'X25519'",
    "unknown_recipient_added": "type 'example.com/enigma'",
    "type_in_capitals": "type 'MLKEM768X25519'",
    "recipient_added_under_the_old_mac": "header of this age file was changed",
    "recipient_removed_under_the_old_mac": "header of this age file was changed",
    "recipients_exchanged_under_the_old_mac": "header of this age file was changed",
    "another_file_key_wrapped": "header of this age file was changed",
    "mac_of_zeros": "header of this age file was changed",
    "no_recipient": "header of this age file is not well formed",
    "sealed_for_corvia": "None of the 1 keys",
    "wrapped_key_of_another_recipient": "None of the 1 keys",
    "share_of_zeros": "None of the 1 keys",
    "key_of_32_bytes_wrapped": "recipient in this age file is not well formed",
    "argument_missing": "recipient in this age file is not well formed",
    "argument_too_many": "recipient in this age file is not well formed",
    "share_too_short": "recipient in this age file is not well formed",
    "share_too_long": "recipient in this age file is not well formed",
    "share_in_non_canonical_base64": "Not base64",
    "body_in_non_canonical_base64": "Not base64",
    "mac_in_non_canonical_base64": "Not base64",
    "share_in_base64url": "Not base64",
    "share_padded": "Not base64",
    "body_padded": "Not base64",
    "body_missing": "Not base64",
    "content_missing": "at part 1",
    "final_part_truncated": "at part 1",
    "byte_behind_the_final_part": "at part 1",
    "content_flipped": "at part 1",
    "nonce_cut": "ends before its content",
    "header_alone": "ends before its content",
    "armored": "not an age file of version 1",
    "version_two": "not an age file of version 1",
    "version_missing": "not an age file of version 1",
    "byte_order_mark": "not an age file of version 1",
    "empty": "ends in its header",
}


def test_there_is_a_file_for_each_defect():
    assert {path.stem for path in REJECT.iterdir()} == set(HOSTILE)
    assert set(GOOD) <= {path.stem for path in ACCEPT.iterdir()}
    assert set(SAYS) <= set(HOSTILE)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_box_is_refused_for_its_defect(name):
    with pytest.raises(Refusal) as refused:
        age.decrypt((REJECT / f"{name}.age").read_bytes(), [BERGENIA])
    assert SAYS.get(name, "not well formed") in refused.value.what


@pytest.mark.parametrize("file", sorted(ACCEPT.iterdir()), ids=lambda file: file.stem)
def test_a_good_box_opens(file):
    assert age.decrypt(file.read_bytes(), [CORVIA, BERGENIA]) == CONTENT


def test_sixty_four_recipients_are_taken_and_one_more_is_not():
    whole = age.encrypt(CONTENT, [BERGENIA.recipient] * limits.RECIPIENTS_MAX)
    assert age.decrypt(whole, [BERGENIA]) == CONTENT
    with pytest.raises(TooLarge):
        age.encrypt(CONTENT, [BERGENIA.recipient] * (limits.RECIPIENTS_MAX + 1))
    stanzas = age_header.read(io.BytesIO(whole)).stanzas
    crowded = age_header.write((*stanzas, stanzas[0]), bytes(16))
    assert len(crowded) < limits.AGE_HEADER_BYTES_MAX
    with pytest.raises(TooLarge, match="64 recipients"):
        age.decrypt(crowded, [BERGENIA])


@pytest.mark.parametrize("line", [b"A" * 300_000, b"-> x " + b"A" * 300_000, b"-> x\n" + (b"A" * 64 + b"\n") * 5_000])
def test_a_header_without_end_is_read_no_further_than_its_limit(line):
    source = io.BytesIO(b"age-encryption.org/v1\n" + line)
    with pytest.raises(TooLarge):
        age.reader(source, [BERGENIA])
    assert source.tell() <= limits.AGE_HEADER_BYTES_MAX


@pytest.mark.parametrize("columns", [65, 66, 68, 88, 128])
def test_a_line_of_a_header_has_64_columns_at_most(columns):
    signed = b"age-encryption.org/v1\n-> x\n" + b"A" * columns + b"\n---"
    with pytest.raises(Invalid):
        age_header.read(io.BytesIO(signed + b" " + b"A" * 43 + b"\n"))


def test_nothing_is_sealed_for_nobody():
    with pytest.raises(Invalid):
        age.encrypt(CONTENT, [])


def test_no_identity_opens_nothing():
    with pytest.raises(Missing):
        age.decrypt(age.encrypt(CONTENT, [BERGENIA.recipient]), [])


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=500), st.sets(st.sampled_from(["bergenia", "corvia", "hub"]), min_size=1))
def test_each_of_its_recipients_opens_a_box_and_nobody_else(content, names):
    box = age.encrypt(content, [identity(name).recipient for name in sorted(names)])
    for name in ("bergenia", "corvia", "hub"):
        if name in names:
            assert age.decrypt(box, [identity(name)]) == content
        else:
            with pytest.raises(Missing):
                age.decrypt(box, [identity(name)])


@pytest.mark.parametrize("public", [b"", bytes(1215), bytes(1217), b"\xff" * 1216])
def test_what_is_no_public_key_is_none(public):
    with pytest.raises(Invalid):
        Recipient(public)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_what_is_no_seed_is_none(seed):
    with pytest.raises(Invalid):
        Identity(seed)


def test_any_flipped_byte_of_a_box_is_refused():
    whole = age.encrypt(CONTENT, [BERGENIA.recipient, identity("hub").recipient])
    for at in (*range(0, len(whole), 29), *range(40), *range(len(whole) - 120, len(whole))):
        with pytest.raises(Refusal):
            age.decrypt(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :], [BERGENIA])
