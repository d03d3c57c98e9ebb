"""Official and published examples of C2SP: signed-note, tlog-cosignature, tlog-tiles."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity.domain.errors import Unauthenticated
from comity.wire.cosignature import Witness, cosigned_at, cosigned_by, verified_line
from comity.wire.note import Line, VerifierKey, read_vkey, split, unb64, written
from comity.wire.tiles import Tile, tiles_of

FOLDER = Path(__file__).parent / "vectors" / "c2sp"
# golang.org/x/mod, sumdb/note
NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
# C2SP/tlog-cosignature
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def file(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def test_a_note_of_another_program_is_signed_by_its_key():
    key = read_vkey(NEUMANN_KEY)
    text, (line,) = split(NEUMANN)
    assert str(key) == NEUMANN_KEY
    assert (line.name, line.key_id) == (key.name, key.key_id)
    Ed25519PublicKey.from_public_bytes(key.key).verify(line.signature, text.encode())
    assert written(text, [line]) == NEUMANN


def test_the_example_of_the_standard_is_read_to_the_last_byte():
    text, lines = split(SOFA)
    assert written(text, lines) == SOFA
    assert (len(lines[1].signature), lines[1].key_id) == (72, unb64("jWbPPw=="))


def test_a_witness_of_the_public_network_is_believed():
    seen_at = cosigned_by(file("arche2025h1.txt"), [Witness("remora.n621.de", (read_vkey(REMORA),))])
    assert seen_at == {"remora.n621.de": datetime(2026, 5, 23, 21, 50, 24, tzinfo=UTC)}
    with pytest.raises(Unauthenticated):
        cosigned_by(file("arche2025h1.txt").replace("\n1432088532\n", "\n1432088533\n"), [remora()])


def remora() -> Witness:
    return Witness("remora.n621.de", (read_vkey(REMORA),))


def test_an_ml_dsa_44_cosignature_of_another_program_is_verified():
    key = read_vkey(file("litewitness.vkey").strip())
    text, lines = split(file("litewitness.txt"))
    assert cosigned_at(text, lines, Witness(key.name, (key,))) == datetime.fromtimestamp(0, UTC)
    changed = Line(lines[0].name, lines[0].key_id, lines[0].signature[:-1] + b"\x00")
    with pytest.raises(Unauthenticated):
        verified_line(text, changed, key)
    with pytest.raises(Unauthenticated):  # the name is signed too
        verified_line(text, lines[0], VerifierKey("example.com/other", key.type, key.key))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(None, 273, 112), "tile/entries/273.p/112"),
        (Tile(63, 999_999_999_999_999_999, 255), "tile/63/x999/x999/x999/x999/x999/999.p/255"),
    ],
)
def test_a_tile_has_the_path_of_the_standard(tile: Tile, path: str):
    assert str(tile) == path


def test_a_log_of_70_000_has_the_tiles_that_the_standard_counts():
    tiles = [tile for tile in tiles_of(70_000) if tile.level is not None]
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles_of(256) if tile.level is not None] == [Tile(0, 0), Tile(1, 0, 1)]
