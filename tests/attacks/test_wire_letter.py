"""Attacks with letters: carried to another, brought by another, bulk in the urgent lane, kinds nobody knows."""

from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.domain.letter import LANES, Body, Lane, LetterParked, Parked, RecordsReceipt
from comity.wire import letter
from comity.wire.canonical import encode
from comity.wire.signed import LETTER as TYPE
from comity.wire.signed import sign
from tests.wire.cast import LETTER, NOW, signer

ALDOVA, BERGENIA = signer("aldova"), signer("bergenia")


def plain(**changes: object) -> dict[str, object]:
    return {**msgspec.to_builtins(LETTER), **changes}


def forged(**changes: object) -> bytes:
    """Rightly signed by Aldova, whatever it says."""
    return sign(encode(plain(**changes)), TYPE, ALDOVA)


def read(data: bytes):
    return letter.read(data, "aldova", "bergenia", ALDOVA.public)


def test_a_letter_is_read_as_it_was_written():
    assert read(letter.write(LETTER, ALDOVA)) == LETTER


def test_a_letter_to_corvia_cannot_be_delivered_to_bergenia():
    data = letter.write(msgspec.structs.replace(LETTER, recipient="corvia"), ALDOVA)
    with pytest.raises(Unauthenticated):
        read(data)


def test_bergenia_cannot_bring_aldovas_letter_as_its_own():
    with pytest.raises(Unauthenticated):
        letter.read(letter.write(LETTER, ALDOVA), "bergenia", "bergenia", BERGENIA.public)


def test_bergenia_cannot_write_in_aldovas_name():
    with pytest.raises(Unauthenticated):
        read(letter.write(LETTER, BERGENIA))
    with pytest.raises(Unauthenticated):
        letter.read(letter.write(LETTER, BERGENIA), "bergenia", "bergenia", BERGENIA.public)


def test_a_letter_of_an_unknown_kind_is_parked_whole():
    body = {"kind": "extradition-offer", "file": [1, 2, {"x": None}]}
    parked = read(forged(body=body, lane="bulk"))
    assert isinstance(parked, Parked)
    assert (parked.unknown_kind, parked.body) == ("extradition-offer", encode(body))
    assert (parked.id, parked.sequence, parked.lane, parked.written_at) == (LETTER.id, 1, Lane.BULK, NOW)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "hit-alert"},
        {**msgspec.to_builtins(LETTER.body), "also": 1},
        {**msgspec.to_builtins(LETTER.body), "purpose": "curiosity"},
    ],
    ids=["fields missing", "an unknown field", "an unknown purpose"],
)
def test_a_known_kind_that_cannot_be_read_is_parked_and_holds_up_nothing(body):
    """A newer release may have added to it; refused, it would be brought again for ever."""
    parked = read(forged(body=body))
    assert isinstance(parked, Parked)
    assert parked.unknown_kind == body["kind"]
    assert parked.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"body": {"no": "kind"}},
        {"body": {"kind": ""}},
        {"body": {"kind": "x" * 65}},
        {"body": {"kind": 1}},
        {"body": []},
        {"body": None},
        {"also": 1},
        {"sequence": 0},
        {"sequence": -1},
        {"id": ""},
        {"lane": "fast"},
        {"written_at": "2026-03-01T12:00:00"},
        {"expires_at": "2026-03-01T12:00:00Z"},
        {"expires_at": "2026-02-28T12:00:00Z"},
        {"expires_at": "2026-03-31T12:00:01Z"},
    ],
    ids=str,
)
def test_a_malformed_letter_is_refused_even_if_rightly_signed(changes):
    with pytest.raises(Invalid):
        read(forged(**changes))


def test_bulk_does_not_travel_in_the_urgent_lane():
    bulk = RecordsReceipt(share="s1", stored=1, erased=0)
    with pytest.raises(Invalid, match="lane"):
        letter.write(msgspec.structs.replace(LETTER, body=bulk), ALDOVA)
    with pytest.raises(Invalid, match="lane"):
        read(forged(body=msgspec.to_builtins(bulk)))


def test_a_letter_that_nobody_would_take_is_not_written():
    with pytest.raises(Invalid):
        letter.write(msgspec.structs.replace(LETTER, expires_at=NOW + timedelta(days=31)), ALDOVA)
    huge = LetterParked(letter="l", unknown_kind="x" * 4_000_000)
    with pytest.raises(TooLarge):
        letter.write(msgspec.structs.replace(LETTER, body=huge, lane=Lane.BULK), ALDOVA)


def test_every_kind_of_letter_has_a_lane_and_is_known():
    kinds = {kind.__struct_config__.tag for kind in get_args(Body)}
    assert kinds == letter.KINDS == {kind.__struct_config__.tag for kind in LANES}
