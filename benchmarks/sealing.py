"""What sealing costs: a letter of 20 kB against bare encryption and digests, a file against a plain copy.

Processor time, not the clock: what runs beside it does not count.
"""

import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Raw

from benchmarks.figures import told
from comity.domain.mail import Urgency
from comity.domain.purpose import Purpose
from comity.domain.sealed import Manifest
from comity.keys.pair import PairSigner
from comity.wire import age
from comity.wire.age import Identity
from comity.wire.attachment import open_attachment, seal_attachment
from comity.wire.canonical import encode
from comity.wire.seal import open_sealed, read_route, seal
from comity.wire.stream import CHUNK_BYTES, Reader, Writer

LETTER_BYTES = 20_000
FILE_BYTES = 128 * 1024 * 1024
TIMES = 300
MADE = "two pairs of signatures made, one key wrapped"
VERIFIED = "two pairs verified, one key unwrapped"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIGNER = PairSigner(bytes(32), bytes(32), 65)
BERGENIA = Identity(bytes(32))


def cpu_milliseconds(act: Callable[[], object], times: int = TIMES) -> float:
    """Of one call, by the median of ten runs: signing takes another time for each signature."""
    runs = []
    for _ in range(10):
        began = time.process_time()
        for _ in range(times // 10):
            act()
        runs.append((time.process_time() - began) * 1000 / (times // 10))
    return sorted(runs)[5]


def letter() -> Manifest:
    text = "The white van was seen again. " * (LETTER_BYTES // 30)
    return Manifest(
        id="0195510c-7a00-7000-8000-000000000011",
        sender="aldova",
        recipients=("bergenia",),
        seq={"bergenia": 1},
        prev={"bergenia": ""},
        created=NOW,
        expires=NOW + timedelta(days=7),
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        basis=("xa-xb-2024/art-3",),
        handling=(),
        body=Raw(encode({"kind": "text", "text": text})),
    )


def letters() -> None:
    manifest, keys = letter(), {"bergenia": BERGENIA.recipient}
    sealed = seal(manifest, SIGNER, keys, Urgency.ROUTINE)
    plain, cipher = os.urandom(LETTER_BYTES), ChaCha20Poly1305(bytes(32))
    stanza = age.read_header(io.BytesIO(age.header_for(bytes(16), [BERGENIA.recipient]))).stanzas[0]
    signatures = SIGNER.sign_ed25519(plain), SIGNER.sign_mldsa(plain)

    def bare_sealing() -> None:
        """The primitives that sealing cannot do without: two pairs of signatures, one key wrapped."""
        for _ in range(2):
            SIGNER.sign_ed25519(plain)
            SIGNER.sign_mldsa(plain)
        age.header_for(bytes(16), [BERGENIA.recipient])

    def bare_opening() -> None:
        """Likewise: both pairs verified, the key unwrapped."""
        for _ in range(2):
            SIGNER.public.verified_ed25519(signatures[0], plain)
            SIGNER.public.verified_mldsa(signatures[1], plain)
        BERGENIA.unwrapped(stanza)

    def encrypted() -> None:
        cipher.decrypt(bytes(12), cipher.encrypt(bytes(12), plain, None), None)

    def opened() -> None:
        open_sealed(sealed, "bergenia", "aldova", SIGNER.public, [BERGENIA], NOW)

    acts: dict[str, Callable[[], object]] = {
        "SHA-256": lambda: hashlib.sha256(plain).digest(),
        "ChaCha20-Poly1305, sealed and opened": encrypted,
        MADE: bare_sealing,
        VERIFIED: bare_opening,
        "seal": lambda: seal(manifest, SIGNER, keys, Urgency.ROUTINE),
        "read_route, at the post room": lambda: read_route(sealed.route, "aldova", SIGNER.public),
        "open_sealed": opened,
    }
    taken = {name: cpu_milliseconds(act) for name, act in acts.items()}
    least = taken["ChaCha20-Poly1305, sealed and opened"]
    told(
        f"A letter of 20 kB to one recipient: {len(sealed.route):,} bytes outside, {len(sealed.box):,} sealed",
        ("", "ms", "times ChaCha20-Poly1305"),
        [(name, one, one / least) for name, one in taken.items()],
    )
    whole = taken["seal"] + taken["open_sealed"]
    told(
        "Sealed and opened",
        ("", "ratio"),
        [
            ("to ChaCha20-Poly1305", whole / least),
            ("to SHA-256", whole / taken["SHA-256"]),
            ("to its signatures and keys alone", whole / (taken[MADE] + taken[VERIFIED])),
        ],
    )


def files() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain, out = Path(folder) / "plain", Path(folder) / "sealed"
        with plain.open("wb") as sink:
            for _ in range(FILE_BYTES // CHUNK_BYTES):
                sink.write(os.urandom(CHUNK_BYTES))
        attachment = None

        def copied() -> None:
            with plain.open("rb") as source, out.open("wb") as sink:
                shutil.copyfileobj(source, sink, CHUNK_BYTES)

        def streamed() -> None:
            with plain.open("rb") as source, out.open("wb") as sink:
                sealing = Writer(sink, bytes(16))
                while part := source.read(CHUNK_BYTES):
                    sealing.write(part)
                sealing.finish()

        def read_back() -> None:
            with out.open("rb") as source, (Path(folder) / "back").open("wb") as sink:
                for chunk in Reader(source, bytes(16)).chunks():
                    sink.write(chunk)

        def attached() -> None:
            nonlocal attachment
            with plain.open("rb") as source, out.open("wb") as sink:
                attachment = seal_attachment(source, sink, "van.mp4", "video/mp4")

        def detached() -> None:
            assert attachment is not None
            with out.open("rb") as source, (Path(folder) / "back").open("wb") as sink:
                open_attachment(source, attachment, sink)

        acts = {
            "plain copy": copied,
            "age stream written": streamed,
            "age stream read": read_back,
            "attachment sealed, with both digests": attached,
            "attachment opened, with both digests": detached,
        }
        taken = {name: cpu_milliseconds(act, 30) for name, act in acts.items()}
    told(
        f"A file of {FILE_BYTES // 1024**2} MiB",
        ("", "MB a second of processor time", "times a plain copy"),
        [(name, FILE_BYTES / 1000 / one, one / taken["plain copy"]) for name, one in taken.items()],
    )


def main() -> None:
    letters()
    files()


if __name__ == "__main__":
    main()
