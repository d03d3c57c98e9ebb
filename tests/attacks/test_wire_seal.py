"""Attacks on sealed letters, each refused by the step that is named after it."""

import re
from pathlib import Path

import msgspec
import pytest

from comity.domain import limits
from comity.domain.errors import Refusal, TooLarge
from comity.domain.sealed import Sealed
from comity.wire import padding, seal
from tests.attacks.hostile_letters import (
    ACCEPT,
    GOOD,
    HOSTILE,
    REJECT,
    around,
    boxed,
    inner,
)
from tests.wire.cast import signer
from tests.wire.letters import IN_AN_HOUR, MESSAGE, identity, loaded, opened, sealed

ROOT = Path(__file__).parents[2]
CORVIA_WROTE = {"stolen_authorship", "surreptitious_forwarding"}


def steps(text: str, shape: str) -> dict[int, str]:
    found = re.findall(shape, text, re.MULTILINE)
    named = {int(number): name for number, name in found}
    assert len(named) == len(found)
    return dict(sorted(named.items()))


IN_CODE = steps((ROOT / "src/comity/wire/seal.py").read_text("utf-8"), r"# (\d+)\. ([^:]+):")


def test_the_steps_in_the_docs_are_those_of_the_code():
    assert list(IN_CODE) == list(range(1, len(IN_CODE) + 1))
    assert steps((ROOT / "docs/protocol/envelope.md").read_text("utf-8"), r"^(\d+)\. \*\*([^*]+)\.\*\*") == IN_CODE


def test_there_is_a_file_for_each_defect_and_a_defect_for_each_step():
    assert {path.stem for path in REJECT.iterdir()} == set(HOSTILE)
    assert {path.stem for path in ACCEPT.iterdir()} == set(GOOD)
    # Too long for a file: below.
    assert {one.step for one in HOSTILE.values()} | {1, 11} == set(IN_CODE)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_letter_is_refused_for_its_defect(name):
    sender = "corvia" if name in CORVIA_WROTE else "aldova"
    with pytest.raises(Refusal) as refused:
        seal.open_sealed(
            loaded(REJECT / f"{name}.json"),
            "bergenia",
            sender,
            signer(sender).public,
            [identity("bergenia")],
            IN_AN_HOUR,
        )
    assert HOSTILE[name].says in refused.value.what


@pytest.mark.parametrize("name", [name for name, one in HOSTILE.items() if one.step <= 7 or name == "box_without_end"])
def test_the_post_room_refuses_what_it_can_see(name):
    with pytest.raises(Refusal):
        seal.read_route(loaded(REJECT / f"{name}.json").route, "aldova", signer("aldova").public)


@pytest.mark.parametrize("file", sorted(ACCEPT.iterdir()), ids=lambda file: file.stem)
def test_a_good_letter_is_read(file):
    assert msgspec.structs.replace(opened(loaded(file)), rcpt={}) == MESSAGE


def test_an_outside_of_too_many_bytes_is_not_parsed():
    with pytest.raises(TooLarge):
        seal.read_route(b"[" * (limits.ROUTE_BYTES_MAX + 1), "aldova", signer("aldova").public)


def test_a_box_whose_header_has_no_end_is_read_no_further():
    endless = b"age-encryption.org/v1\n-> mlkem768x25519 " + b"A" * limits.AGE_HEADER_BYTES_MAX
    with pytest.raises(TooLarge):
        opened(around(endless))


def test_a_letter_over_the_limit_is_not_written_and_not_parsed():
    with pytest.raises(TooLarge):
        sealed(msgspec.structs.replace(MESSAGE, body=msgspec.Raw(b'"' + b"x" * limits.SEALED_LETTER_BYTES_MAX + b'"')))
    with pytest.raises(TooLarge):
        opened(around(boxed(padding.padded(b"[" * (limits.SEALED_LETTER_BYTES_MAX + 1)))))


def test_the_largest_letter_fits_into_the_largest_box():
    most = seal.age.encrypt(
        bytes(padding.padded_bytes(limits.SEALED_LETTER_BYTES_MAX)), [identity("hub").recipient] * limits.RECIPIENTS_MAX
    )
    assert len(most) <= limits.BOX_BYTES_MAX


def test_any_flipped_byte_of_a_letter_is_refused():
    good = sealed()
    for at in range(0, len(good.route), 61):
        with pytest.raises(Refusal):
            opened(Sealed(good.route[:at] + bytes([good.route[at] ^ 1 << at % 8]) + good.route[at + 1 :], good.box))
    for at in range(0, len(good.box), 97):
        with pytest.raises(Refusal):
            opened(Sealed(good.route, good.box[:at] + bytes([good.box[at] ^ 1 << at % 8]) + good.box[at + 1 :]))


def test_any_flipped_byte_of_the_signed_inside_is_refused():
    document = inner()
    for at in range(0, len(document), 61):
        flipped = document[:at] + bytes([document[at] ^ 1 << at % 8]) + document[at + 1 :]
        with pytest.raises(Refusal):
            opened(around(boxed(flipped.ljust(padding.padded_bytes(len(document))))))
