"""Every parser that sealed letters pass through, fed with what was changed at random: it refuses, or reads the same.

The seeds are fixed, so that a failure comes again.
"""

import io
import random
from collections.abc import Callable

import msgspec
import pytest

from comity.domain.errors import Refusal
from comity.domain.sealed import Manifest, Route, Sealed
from comity.wire import age, age_header, bech32, padding, seal, signed
from comity.wire.canonical import decode, encode
from comity.wire.stream import CHUNK_BYTES, Reader, Writer
from tests.attacks.hostile_letters import around, boxed
from tests.wire.cast import signer
from tests.wire.letters import MESSAGE, VIDEO, addressed, identity, opened, sealed

ROUNDS = 400
ALDOVA, BERGENIA = signer("aldova").public, identity("bergenia")
LETTER = sealed()
INNER = seal.sign(encode(addressed()), signed.MESSAGE, signer("aldova"))
KEY = bytes(range(16))
WITH_A_FILE = encode(msgspec.structs.replace(addressed(), files=(VIDEO,)))


def stream() -> bytes:
    sink = io.BytesIO()
    sealing = Writer(sink, KEY)
    sealing.write(bytes(CHUNK_BYTES + 100))
    sealing.finish()
    return sink.getvalue()


def read_route(data: bytes) -> object:
    return seal.read_route(data, "aldova", ALDOVA)


def read_header(data: bytes) -> object:
    return age_header.verified(age.read_header(io.BytesIO(data)), KEY)


def read_anything_as_a_header(data: bytes) -> object:
    """Without its MAC: whatever passes is written again as it was."""
    header = age_header.read(io.BytesIO(data))
    assert all(stanza.arguments for stanza in header.stanzas)
    return header.signed


# parser: what it is given, before it is changed. Those that look only at how a thing is written, and not at who wrote
# it, give back what they read as they would write it.
PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "route": (read_route, LETTER.route),
    "route's JSON": (lambda data: encode(decode(data, Route, "route")), signed.claimed(LETTER.route, signed.ROUTE)),
    "whose route": (lambda data: data if seal.claimed_sender(data) else None, LETTER.route),
    "box": (lambda data: age.decrypt(data, [BERGENIA]), LETTER.box),
    "letter": (lambda data: opened(Sealed(LETTER.route, data)), LETTER.box),
    "header": (read_header, age.header_for(KEY, [BERGENIA.recipient])),
    "padding": (lambda data: padding.padded(padding.stripped(data)), padding.padded(INNER)),
    "inside": (lambda data: signed.verified(data, signed.MESSAGE, ALDOVA), INNER),
    "manifest": (lambda data: encode(decode(data, Manifest, "sealed letter")), WITH_A_FILE),
    "identity": (lambda data: bech32.read(data.decode("latin-1"), "age-secret-key-pq-", "key"), BERGENIA.text.encode()),
    "recipient": (lambda data: age.Recipient.parse(data.decode("latin-1")), BERGENIA.recipient.text.encode()),
    "stream": (lambda data: Reader(io.BytesIO(data), KEY).read(), stream()),
    "part of a stream": (lambda data: Reader(io.BytesIO(data), KEY).read_at(CHUNK_BYTES - 5, 50), stream()),
}


def changed(data: bytes, chance: random.Random) -> bytes:
    """One to three changes: a bit, a byte, a cut, a piece twice, a piece elsewhere, a piece of another kind."""
    for _ in range(chance.randint(1, 3)):
        at, to = sorted(chance.choices(range(len(data) + 1), k=2)) if data else (0, 0)
        to = min(to, at + chance.choice((1, 2, 16, 70, 100_000)))
        match chance.randrange(7):
            case 0 if data:
                at = min(at, len(data) - 1)
                data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
            case 1:
                data = (
                    data[:at] + chance.choice((b"\n", b" ", b"=", b"\0", b"-> ", b'"', b"{", b"\xff", b"A")) + data[at:]
                )
            case 2:
                data = data[:at] + data[to:]
            case 3:
                data = data[:to] + data[at:]
            case 4:
                data = data[:at] + data[to:] + data[at:to]
            case 5:
                data = data[:at]
            case _:
                data = data[:at] + chance.randbytes(to - at) + data[to:]
    return data


@pytest.mark.parametrize("name", PARSERS)
def test_what_was_changed_at_random_is_refused_or_reads_the_same(name):
    parse, good = PARSERS[name]
    chance, expected = random.Random(name), parse(good)
    refused = 0
    for _ in range(ROUNDS):
        data = changed(good, chance)
        try:
            read = parse(data)
        except Refusal:
            refused += 1
        else:
            assert read in (expected, data)
    assert refused > ROUNDS // 2


def test_whatever_bytes_come_as_a_header_are_read_or_refused():
    chance = random.Random(7)
    good = age.header_for(KEY, [BERGENIA.recipient])
    for _ in range(ROUNDS):
        data = changed(good, chance)
        try:
            assert data.startswith(read_anything_as_a_header(data))
        except Refusal:
            continue


def test_whatever_bytes_stand_in_a_box_of_the_sender_are_refused():
    """The sender itself is hostile: everything outside is right."""
    chance = random.Random(11)
    for _ in range(60):
        content = padding.padded(changed(INNER, chance))
        if content == padding.padded(INNER):
            continue
        with pytest.raises(Refusal):
            opened(around(boxed(content)))


def test_whatever_a_sender_signs_as_a_manifest_is_read_as_it_stands_or_refused():
    chance = random.Random(13)
    good = encode(addressed())
    for _ in range(60):
        payload = changed(good, chance)
        inside = seal.sign(payload, signed.MESSAGE, signer("aldova"))
        try:
            read = opened(around(boxed(padding.padded(inside))))
        except Refusal:
            continue
        assert encode(read) == payload
        assert (read.id, read.recipients) == (MESSAGE.id, MESSAGE.recipients)
