"""Attacks on a log's signed notes and proofs: hostile files, another log, another key, another entry."""

from base64 import b64encode
from pathlib import Path

import pytest

from comity.domain.errors import Invalid, Refusal, TooLarge, Unauthenticated
from comity.wire import checkpoint, merkle
from tests.wire.cast import GOLDEN, root, signer
from tests.wire.renew_golden import LEAVES, ORIGIN

BERGENIA = signer("bergenia")
PAIR = BERGENIA.public
TREE = merkle.subtrees_of(LEAVES)
NOTE = checkpoint.write(ORIGIN, 7, merkle.root_at(7, TREE), BERGENIA, ORIGIN)
PROOF = checkpoint.write_proof(3, merkle.inclusion_proof(3, 7, TREE), NOTE)
REJECT = Path(__file__).parent / "reject" / "checkpoint"
ACCEPT = Path(__file__).parent / "accept" / "checkpoint"


def test_a_checkpoint_is_read_as_written():
    read = checkpoint.verified(NOTE, ORIGIN, PAIR)
    assert (read.origin, read.size, read.root, read.note) == (ORIGIN, 7, merkle.root_at(7, TREE).hex(), NOTE)


def test_a_checkpoint_of_an_empty_log_is_read():
    note = checkpoint.write(ORIGIN, 0, merkle.EMPTY_ROOT, BERGENIA, ORIGIN)
    assert checkpoint.verified(note, ORIGIN, PAIR).size == 0


@pytest.mark.parametrize("index", range(7))
def test_every_entry_is_proved(index):
    text = checkpoint.write_proof(index, merkle.inclusion_proof(index, 7, TREE), NOTE)
    assert checkpoint.verified_proof(text, LEAVES[index], ORIGIN, PAIR) == checkpoint.verified(NOTE, ORIGIN, PAIR)


@pytest.mark.parametrize("file", sorted(ACCEPT.glob("*.txt")), ids=lambda file: file.stem)
def test_an_unusual_note_is_taken(file):
    assert checkpoint.verified(file.read_text("utf-8"), ORIGIN, PAIR).size == 7


@pytest.mark.parametrize("file", sorted(REJECT.glob("*.txt")), ids=lambda file: file.stem)
def test_a_hostile_note_is_refused(file):
    note = file.read_bytes().decode("utf-8")
    with pytest.raises(Refusal):
        checkpoint.verified(note, ORIGIN, PAIR)
    with pytest.raises(Refusal):
        proof = checkpoint.write_proof(3, merkle.inclusion_proof(3, 7, TREE), note)
        checkpoint.verified_proof(proof, LEAVES[3], ORIGIN, PAIR)


def test_there_are_hostile_and_unusual_notes():
    assert len(list(REJECT.glob("*.txt"))) >= 15
    assert list(ACCEPT.glob("*.txt"))


def test_another_nodes_checkpoint_does_not_pass():
    with pytest.raises(Unauthenticated):
        checkpoint.verified(checkpoint.write(ORIGIN, 7, bytes(32), signer("corvia"), ORIGIN), ORIGIN, PAIR)


def test_a_checkpoint_of_another_log_of_the_same_node_does_not_pass():
    note = checkpoint.write("bergenia/keys", 7, merkle.root_at(7, TREE), BERGENIA, "bergenia/keys")
    with pytest.raises(Unauthenticated):
        checkpoint.verified(note, ORIGIN, PAIR)


def test_root_keys_do_not_sign_logs():
    with pytest.raises(Invalid):
        checkpoint.verified(NOTE, ORIGIN, root("bergenia").public)


@pytest.mark.parametrize(
    ("origin", "size", "root_bytes", "name"),
    [
        ("evil\n999", 7, 32, "n"),
        ("two words", 7, 32, "n"),
        ("", 7, 32, "n"),
        ("o", 7, 32, "a+b"),
        ("o", 7, 31, "n"),
        ("o", -1, 32, "n"),
    ],
)
def test_what_would_frame_another_checkpoint_is_not_written(origin, size, root_bytes, name):
    with pytest.raises(Invalid):
        checkpoint.write(origin, size, bytes(root_bytes), BERGENIA, name)


ROOT = b64encode(merkle.root_at(7, TREE)).decode()


def signed_text(text: str) -> str:
    """Rightly signed by Bergenia, whatever it says."""
    ids = checkpoint._key_ids(ORIGIN, PAIR)
    made = (BERGENIA.sign_ed25519(text.encode()), BERGENIA.sign_mldsa(text.encode()))
    lines = [f"— {ORIGIN} {b64(key_id + one)}\n" for key_id, one in zip(ids, made, strict=True)]
    return text + "\n" + "".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n7\n{ROOT}\nextension\n",
        f"{ORIGIN}\n7\n",
        f"{ORIGIN}\n07\n{ROOT}\n",
        f"{ORIGIN}\n-7\n{ROOT}\n",
        f"{ORIGIN}\n7.0\n{ROOT}\n",
        f"{ORIGIN}\n{'9' * 20}\n{ROOT}\n",
        f"{ORIGIN}\n7\n{b64encode(bytes(31)).decode()}\n",
        f"{ORIGIN}\n7\n{ROOT[:-1]}\n",
        f"\n7\n{ROOT}\n",
        f"{ORIGIN} \n7\n{ROOT}\n",
        f"{ORIGIN}\r\n7\r\n{ROOT}\r\n",
        f"{ORIGIN}\n\n7\n{ROOT}\n",
    ],
)
def test_a_malformed_checkpoint_is_refused_even_if_rightly_signed(text):
    with pytest.raises(Invalid):
        checkpoint.verified(signed_text(text), ORIGIN, PAIR)


def test_a_note_with_a_control_character_is_refused():
    with pytest.raises(Invalid, match="no signed note"):
        checkpoint.verified(signed_text(f"{ORIGIN}\n7\n{ROOT}\x00\n"), ORIGIN, PAIR)


def test_both_lines_stand_under_one_name():
    other = checkpoint.write(ORIGIN, 7, merkle.root_at(7, TREE), BERGENIA, "bergenia/second")
    mixed = NOTE.splitlines()[:5] + other.splitlines()[5:]
    with pytest.raises(Unauthenticated):
        checkpoint.verified("\n".join(mixed) + "\n", ORIGIN, PAIR)


def test_a_note_with_the_line_ends_of_another_system_is_refused():
    with pytest.raises(Invalid):
        checkpoint.verified(NOTE.replace("\n", "\r\n"), ORIGIN, PAIR)


def b64(data: bytes) -> str:
    return b64encode(data).decode()


FIRST_HASH = PROOF.split("\n")[2]
PROOF_ATTACKS = {
    "another index": PROOF.replace("index 3", "index 2"),
    "index outside the log": PROOF.replace("index 3", "index 7"),
    "negative index": PROOF.replace("index 3", "index -3"),
    "index with a leading zero": PROOF.replace("index 3", "index 03"),
    "index in other digits": PROOF.replace("index 3", "index ३"),
    "no index": PROOF.replace("index 3\n", ""),
    "another format": PROOF.replace("proof@v1", "proof@v2"),
    "extra line": PROOF.replace("index 3", "extra AAAA\nindex 3"),
    "a hash exchanged": PROOF.replace(FIRST_HASH, b64(bytes(32))),
    "a hash too short": PROOF.replace(FIRST_HASH, b64(bytes(31))),
    "a hash removed": PROOF.replace(f"{FIRST_HASH}\n", ""),
    "a hash too many": PROOF.replace(FIRST_HASH, f"{FIRST_HASH}\n{FIRST_HASH}"),
    "a hash not base64": PROOF.replace(FIRST_HASH, "!" + FIRST_HASH[1:]),
    "hashes without end": PROOF.replace(FIRST_HASH, "\n".join([FIRST_HASH] * 64)),
    "no note": PROOF.partition("\n\n")[0],
    "a note of another log": PROOF.replace(ORIGIN, "corvia/disclosures"),
    "nothing": "",
}


@pytest.mark.parametrize("attack", PROOF_ATTACKS)
def test_a_hostile_proof_is_refused(attack):
    with pytest.raises(Refusal):
        checkpoint.verified_proof(PROOF_ATTACKS[attack], LEAVES[3], ORIGIN, PAIR)


def test_a_proof_is_of_its_own_entry_alone():
    with pytest.raises(Unauthenticated):
        checkpoint.verified_proof(PROOF, LEAVES[4], ORIGIN, PAIR)
    with pytest.raises(Invalid):
        checkpoint.verified_proof(PROOF, LEAVES[3] + b"x", ORIGIN, PAIR)


def test_what_is_too_large_is_refused_before_it_is_parsed():
    with pytest.raises(TooLarge):
        checkpoint.verified("x" * 140_000, ORIGIN, PAIR)
    with pytest.raises(TooLarge):
        checkpoint.verified_proof("x" * 140_000, LEAVES[3], ORIGIN, PAIR)
    with pytest.raises(TooLarge):
        checkpoint.verified(NOTE + "— w AAAAAAAA\n" * 15, ORIGIN, PAIR)


def test_the_golden_note_is_the_one_the_hostile_files_were_made_of():
    text = (GOLDEN / "checkpoint.txt").read_text("utf-8")
    assert checkpoint.verified(text, ORIGIN, PAIR).size == 7
