"""Sealed letters as things: names of files, places in the order, copies."""

import msgspec
import pytest

from comity.domain.errors import Conflict, Invalid, Replayed
from comity.domain.sealed import Attachment, Manifest, Place
from tests.wire.letters import MESSAGE

PLAIN = {
    "type": "video/mp4",
    "size": 5,
    "sha256": "ab" * 32,
    "ct_sha256": "cd" * 32,
    "ct_size": 37,
    "key": "A" * 22,
}


def attachment(**changes: object) -> Attachment:
    return msgspec.convert({"name": "van.mp4", **PLAIN, **changes}, Attachment)


@pytest.mark.parametrize("name", ["van.mp4", "белый фургон.mp4", "صورة.jpg", "a", "two words (2).tar.gz"])
def test_a_name_of_a_file_in_any_script_is_one(name):
    assert attachment(name=name).name == name


def test_a_long_media_type_is_one():
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert attachment(type=word).media_type == word


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../van.mp4",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:van",
        ".hidden",
        "van.",
        " van",
        "van ",
        "v\0n",
        "v\nn",
        "v\x1b[2J",
        "gpj.\u202eexe",
        "v\u200bn",
        "v\ud800n",
        "x" * 201,
    ],
)
def test_a_hostile_name_is_refused(name):
    with pytest.raises(msgspec.ValidationError):
        attachment(name=name)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": -1},
        {"size": 2**53},
        {"sha256": "AB" * 32},
        {"sha256": "ab" * 32 + "\n"},
        {"ct_sha256": "ab" * 31},
        {"key": "A" * 21},
        {"key": "A" * 22 + "\n"},
        {"key": "A" * 21 + "="},
        {"type": ""},
        {"type": "video"},
        {"type": "video/mp4\n"},
        {"type": "video/\x1b[2J"},
        {"type": "text/plain; charset=utf-8"},
        {"type": "video/" + "x" * 250},
        {"also": 1},
    ],
    ids=str,
)
def test_an_attachment_with_a_wrong_field_is_refused(changes):
    with pytest.raises(msgspec.ValidationError):
        attachment(**changes)


def letter(seq: int, prev: str = "") -> Manifest:
    return msgspec.structs.replace(MESSAGE, recipients=("bergenia",), seq={"bergenia": seq}, prev={"bergenia": prev})


A, B = "aa" * 32, "bb" * 32
BEGUN = Place(seq=1, ct_sha256=A)


def test_letters_are_taken_in_their_order():
    first = Place().after(letter(1), "bergenia", A)
    assert first == BEGUN
    assert first.after(letter(2, A), "bergenia", B) == Place(seq=2, ct_sha256=B)


def test_a_letter_taken_before_is_a_replay():
    with pytest.raises(Replayed):
        BEGUN.after(letter(1), "bergenia", A)
    with pytest.raises(Replayed):
        Place(seq=7, ct_sha256=A).after(letter(6, B), "bergenia", B)


def test_a_letter_that_is_missing_is_noticed():
    with pytest.raises(Conflict, match="2 did not"):
        BEGUN.after(letter(3, B), "bergenia", B)
    with pytest.raises(Conflict, match="1 did not"):
        Place().after(letter(2, A), "bergenia", B)


def test_a_letter_that_follows_another_than_the_one_taken_is_noticed():
    with pytest.raises(Conflict, match="another letter"):
        BEGUN.after(letter(2, B), "bergenia", B)


def test_a_letter_that_no_key_opens_does_not_hold_up_the_next_ones():
    assert BEGUN.after_unread(B).after(letter(3, B), "bergenia", A) == Place(seq=3, ct_sha256=A)
    with pytest.raises(Conflict):
        BEGUN.after_unread(A).after(letter(3, B), "bergenia", A)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": ()},
        {"recipients": ("bergenia", "bergenia")},
        {"seq": {"bergenia": 2}},
        {"seq": {"bergenia": 2, "corvia": 1, "hub": 1}},
        {"seq": {"bergenia": 2, "corvia": 0}},
        {"prev": {"bergenia": "ab" * 32}},
        {"prev": {"bergenia": "", "corvia": ""}},
        {"prev": {"bergenia": "ab" * 32, "corvia": "ab" * 32}},
        {"prev": {"bergenia": "AB" * 32, "corvia": ""}},
    ],
    ids=str,
)
def test_a_letter_without_its_place_for_each_recipient_is_refused(changes):
    with pytest.raises((msgspec.ValidationError, Invalid)):
        msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(MESSAGE, **changes)), type=Manifest)
