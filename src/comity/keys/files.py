"""A node's private keys in files that only its own account can read."""

import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from comity.domain.errors import Conflict, Invalid, Missing
from comity.keys.pair import SEED_BYTES, PairSigner
from comity.keys.tls import same_key, self_signed
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.pair import Level, Signer

ROOT_FILE = "root.json"
NODE_FILE = "node.json"
TLS_CERTIFICATE_FILE = "tls.crt.pem"
TLS_KEY_FILE = "tls.key.pem"
INDEX_FILE = "index.key"
INDEX_KEY_BYTES = 32
WRAPPING_FILE = "wrapping.key"
WITNESS_FILE = "witness.key"
NEXT_FOLDER = "next"
NODE_FILES = (NODE_FILE, TLS_CERTIFICATE_FILE, TLS_KEY_FILE)  # what a renewal exchanges, together

_OTHERS = 0o077


class Keys(Struct, frozen=True, kw_only=True):
    """What a node signs with. `root` is None where it is kept offline, as it should be."""

    root: Signer | None
    node: Signer
    tls_certificate_file: Path
    tls_key_file: Path


class _Seeds(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of one pair: two seeds of 32 bytes in base64url, and the level of the ML-DSA key."""

    ed25519: str
    level: Level
    mldsa: str


def create(folder: Path, hosts: Sequence[str], name: str) -> Keys:
    """Make all keys of a node in a new folder, and load them. `hosts` are those by which it is reached.

    Raises Conflict where the folder holds anything: keys are never written over.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty.", do="Choose another folder, or move what is there away.")
    certificate, key = self_signed(name, hosts, datetime.now(UTC))
    # All or nothing: a node that stopped half-way through must not start with half its keys.
    draft = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700, parents=True)
    try:
        _write(draft / ROOT_FILE, _seeds(87))
        _write(draft / NODE_FILE, _seeds(65))
        _write(draft / TLS_CERTIFICATE_FILE, certificate)
        _write(draft / TLS_KEY_FILE, key)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _sync(folder.parent)
    return load(folder)


def prepare(folder: Path, hosts: Sequence[str], name: str) -> Keys:
    """New node keys and a new certificate in `next/` beside those in use; what was begun there before goes."""
    draft = folder / NEXT_FOLDER
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    certificate, key = self_signed(name, hosts, datetime.now(UTC))
    for file, content in ((NODE_FILE, _seeds(65)), (TLS_CERTIFICATE_FILE, certificate), (TLS_KEY_FILE, key)):
        _write(draft / file, content)
    _sync(draft)
    return load(draft)


def load(folder: Path) -> Keys:
    """The keys of a node. Raises Missing, and Invalid where a file is damaged or open to other accounts."""
    certificate_file, key_file = folder / TLS_CERTIFICATE_FILE, folder / TLS_KEY_FILE
    if not same_key(_bytes(certificate_file), secret_file(key_file)):
        raise Invalid(f"{certificate_file} is not the certificate of {key_file}.", do="Restore both from the backup.")
    root = folder / ROOT_FILE
    return Keys(
        root=_signer(root, 87) if root.exists() else None,
        node=_signer(folder / NODE_FILE, 65),
        tls_certificate_file=certificate_file,
        tls_key_file=key_file,
    )


def index_key(folder: Path) -> bytes:
    """The 32 bytes that seal the index; made where there are none, for an index can always be built anew.

    Raises Invalid where the file is damaged or open to other accounts.
    """
    return _key_in(folder / INDEX_FILE)


def wrapping_key_beside(folder: Path) -> bytes:
    """The 32 bytes under which this node's secrets are wrapped, where no other key is named; made where there are none.

    It lies beside what it wraps, and so keeps out only whoever copies single files.
    """
    return _key_in(folder / WRAPPING_FILE)


def witness_seed(folder: Path) -> bytes:
    """The 32 bytes of the key by which this node cosigns logs with ML-DSA-44; made where there are none."""
    return _key_in(folder / WITNESS_FILE)


def _key_in(file: Path) -> bytes:
    folder = file.parent
    if not file.exists():
        # Whole or not there: another process of this node may be starting too.
        draft = folder / f".{file.name}-{secrets.token_hex(4)}"
        _write(draft, secrets.token_bytes(INDEX_KEY_BYTES))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
        _sync(folder)
    key = secret_file(file)
    if len(key) != INDEX_KEY_BYTES:
        raise Invalid(f"{file} does not hold {INDEX_KEY_BYTES} bytes.", do="Restore it from the backup, or remove it.")
    return key


def _seeds(level: Level) -> bytes:
    new = [b64u(secrets.token_bytes(SEED_BYTES)) for _ in range(2)]
    return encode(_Seeds(ed25519=new[0], mldsa=new[1], level=level))


def _signer(file: Path, level: Level) -> PairSigner:
    seeds = decode(secret_file(file), _Seeds, f"key file {file.name}")
    if seeds.level != level:
        raise Invalid(f"{file} holds ML-DSA-{seeds.level}, not ML-DSA-{level}.", do="Restore it from the backup.")
    try:
        return PairSigner(unb64u(seeds.ed25519), unb64u(seeds.mldsa), level)
    except ValueError:
        raise Invalid(f"{file} does not hold two seeds.", do="Restore it from the backup.") from None


def _write(file: Path, content: bytes) -> None:
    """A new file of mode 0600, on the disk when this returns."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def secret_file(file: Path) -> bytes:
    """A file's content. Raises Invalid where others may read or change it."""
    return _read(file, forbidden=_OTHERS)


def _bytes(file: Path) -> bytes:
    return _read(file, forbidden=0)


def _read(file: Path, forbidden: int) -> bytes:
    try:
        with file.open("rb") as opened:
            # Asked of the open file, so that it cannot be exchanged in between.
            # Falls without it: tests/keys/test_files.py
            mode = os.fstat(opened.fileno()).st_mode & 0o777
            if mode & forbidden:
                raise Invalid(
                    f"Other accounts may use the private key {file} (mode {mode:03o}).",
                    do=f"Run chmod 600 {file}, and find out who read it.",
                )
            return opened.read()
    except FileNotFoundError:
        raise Missing(f"There is no key file {file}.", do="Create the node's keys, or restore them.") from None


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
