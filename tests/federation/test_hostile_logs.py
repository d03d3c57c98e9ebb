"""A hostile operator of a log: fork, rollback, freeze, omit, reorder, bad tile, wrong key. Each is found and kept."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete

from comity.cli.evidence import _said
from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Unauthenticated, Unproved
from comity.domain.journal import Act
from comity.domain.witnessing import LogAlarm, LogWrong, OtherSize
from comity.keys.own import next_keys, signed_alone
from comity.nodes.log_policy import policy_text
from comity.nodes.mirror import copy
from comity.storage.witnessing import cosigned_checkpoints, log_alarms, seen_logs
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.checkpoint import verified
from comity.wire.cosignature import cosigned_by
from comity.wire.evidence_file import LogEvidence, proven, read_evidence_file, write_evidence_file
from comity.wire.log_policy import read_policy
from comity.wire.merkle import consistency_proof, leaf_hash, subtrees_of
from comity.wire.note import VerifierKey
from comity.wire.tiles import Tile, tiles_of, write_entries
from comity.wire.witness import write_submission
from tests.federation.hostile_log import HostileLog, entries


@pytest.fixture(scope="module")
def made(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("hostile") / "federation"
    shutil.copytree(founded, folder)
    federation = Federation(folder)
    federation.publish_keys()
    yield federation
    federation.close()


@pytest.fixture
def federation(made: Federation) -> Federation:
    """The same one for all, with nothing seen yet."""
    for node in made.nodes.values():
        with node.store.transaction() as tx:
            for table in (seen_logs, log_alarms, cosigned_checkpoints):
                tx.connection.execute(delete(table))
            tx.commit()
    return made


@pytest.fixture
def hostile(federation: Federation) -> Iterator[HostileLog]:
    routes = federation[BERGENIA].federation_door.routes
    honest = dict(routes)
    yield HostileLog(federation[BERGENIA])
    routes.update(honest)


def followed(federation: Federation) -> list[LogAlarm]:
    """What Aldova says after it has looked at Bergenia's log."""
    aldova = federation[ALDOVA]
    aldova.log_follower.follow_one(aldova.directory().member(BERGENIA), "disclosures")
    return list(aldova.log_alarms.every().values())


def proof(of: list[bytes], old: int) -> list[bytes]:
    return consistency_proof(old, len(of), subtrees_of(map(leaf_hash, of))) if 0 < old < len(of) else []


def add(federation: Federation, note: str, of: list[bytes], old: int, by: str = BERGENIA) -> str:
    """Aldova as the witness of a checkpoint."""
    aldova = federation[ALDOVA]
    body = write_submission(old, proof(of, old), note)
    return aldova.witness.add(body, aldova.directory().member(by), lambda tx: None)


# -- an honest log --------------------------------------------------------------------------------------------------


def test_a_log_that_grows_is_cosigned_by_everybody_and_troubles_nobody(federation: Federation):
    for _ in range(2):
        for node in federation.nodes.values():
            node.log.sign()
        for name, node in federation.nodes.items():
            assert node.witnesses.collect() == (6 if name == HUB else 3)
            assert node.log_follower.follow() == 0
        with federation[BERGENIA].store.reading() as tx:
            cosigned = tx.witnessing.cosigned("bergenia/disclosures")
        witnesses = [federation[name].witness_keys.witness for name in (HUB, ALDOVA, CORVIA)]
        assert cosigned_by(cosigned.note, witnesses) == dict.fromkeys((HUB, ALDOVA, CORVIA), federation.time())
        federation.time.pass_by(seconds=limits.LOG_ALIVE_SECONDS)
        assert all(node.log.keep_alive() for node in federation.nodes.values())
        assert not any(node.log.keep_alive() for node in federation.nodes.values())


def test_an_entry_is_evidence_to_whoever_trusts_the_policy_of_another_member(federation: Federation):
    bergenia, corvia = federation[BERGENIA], federation[CORVIA]
    held = bergenia.log.sign()
    (opening,) = bergenia.oversight.read(bergenia.operator("ben"), after=2, limit=1)
    policy = read_policy(corvia.log_policy())
    alone = LogEvidence(opening, bergenia.log.prove(3), bergenia.log_policy())
    with pytest.raises(Unproved, match="not the quorum"):
        proven(alone, policy)
    bergenia.log.sign()
    bergenia.witnesses.collect()
    evidence = read_evidence_file(write_evidence_file(LogEvidence(opening, bergenia.log.prove(3), b"")))
    found = proven(evidence, policy)
    assert (found.opening.entry, found.checkpoint.origin) == (opening.entry, "bergenia/disclosures")
    assert found.checkpoint.size >= held.size
    assert {name.partition("-")[0] for name in found.seen} == {HUB, ALDOVA, CORVIA}
    said = "\n".join(_said(found))
    assert "as entry 3" in said
    assert "corvia-ml-dsa-44 at " in said
    assert "NOT PROVEN" in said


def test_the_policy_of_a_node_is_of_regions_or_a_file(federation: Federation, tmp_path: Path):
    lines = federation[ALDOVA].log_policy().decode().splitlines()
    assert "group region:europe any aldova bergenia" in lines
    assert "group regions 2 region:europe region:oceania region:organisations" in lines
    file = tmp_path / "policy.txt"
    file.write_text("quorum none\n")
    assert policy_text(None, lambda node: None, str(file)) == b"quorum none\n"
    with pytest.raises(Missing):
        policy_text(None, lambda node: None, str(tmp_path / "nothing"))


# -- what a follower finds ------------------------------------------------------------------------------------------


def test_fork_of_one_size(federation: Federation, hostile: HostileLog):
    first = hostile.signs(entries(300))
    assert followed(federation) == []
    second = hostile.signs(entries(300, other="'"))
    (alarm,) = followed(federation)
    assert (alarm.wrong, alarm.held, alarm.shown) == (LogWrong.FORK, first, second)
    kept = [one for one in federation.journal(ALDOVA) if one.act is Act.LOG_ALARM][-1]
    assert (kept.details["held"], kept.details["shown"]) == (first, second)
    assert len(followed(federation)) == 1  # noted once


def test_fork_behind_what_was_seen(federation: Federation, hostile: HostileLog):
    hostile.signs(entries(300))
    followed(federation)
    hostile.signs(entries(600, other="'"))
    (alarm,) = followed(federation)
    assert alarm.wrong is LogWrong.FORK
    assert alarm.proof  # as its own tiles give it


def test_rollback(federation: Federation, hostile: HostileLog):
    hostile.signs(entries(300))
    followed(federation)
    hostile.signs(entries(299))
    (alarm,) = followed(federation)
    assert alarm.wrong is LogWrong.ROLLBACK
    assert "299" in alarm.what


@pytest.mark.parametrize("silent", [False, True])
def test_freeze(federation: Federation, hostile: HostileLog, silent: bool):
    hostile.signs(entries(300))
    followed(federation)
    federation.time.pass_by(seconds=limits.LOG_FROZEN_SECONDS_MAX)
    assert followed(federation) == []
    federation.time.pass_by(seconds=1)
    federation.line.out_of_reach = {BERGENIA} if silent else set()
    (alarm,) = followed(federation)
    federation.line.out_of_reach = set()
    assert alarm.wrong is LogWrong.FROZEN
    hostile.signs(entries(301))
    followed(federation)
    federation.time.pass_by(seconds=limits.LOG_FROZEN_SECONDS_MAX)
    assert len(followed(federation)) == 1


def test_omit(federation: Federation, hostile: HostileLog):
    hostile.signs(entries(300))
    followed(federation)
    hostile.signs(entries(302))
    hostile.entries = entries(302)[:17] + entries(303)[18:]  # one is left out, another put in behind
    (alarm,) = followed(federation)
    assert alarm.wrong is LogWrong.FALSE_TILE


def test_reorder(federation: Federation, hostile: HostileLog):
    swapped = entries(302)
    swapped[300], swapped[301] = swapped[301], swapped[300]
    hostile.signs(entries(302))
    hostile.entries = swapped
    (alarm,) = followed(federation)
    assert alarm.wrong is LogWrong.FALSE_TILE


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(32 * 44), bytes(32 * 45)])
def test_bad_tile(federation: Federation, hostile: HostileLog, content: bytes):
    hostile.signs(entries(300))
    hostile.content = lambda tile: content if tile == Tile(0, 1, 44) else None
    (alarm,) = followed(federation)
    assert alarm.wrong is LogWrong.FALSE_TILE


def test_a_tile_that_is_withheld(federation: Federation, hostile: HostileLog):
    def withheld(tile: Tile) -> bytes:
        raise Missing("There is no such tile.")

    hostile.signs(entries(300))
    hostile.content = withheld
    assert [one.wrong for one in followed(federation)] == [LogWrong.FALSE_TILE]


def test_wrong_key(federation: Federation, hostile: HostileLog):
    hostile.signs(entries(300), signer=federation[CORVIA].keys.node)
    assert [one.wrong for one in followed(federation)] == [LogWrong.WRONG_KEY]


def test_another_log_in_its_place(federation: Federation, hostile: HostileLog):
    hostile.signs(entries(300), origin="bergenia/keys")
    assert [one.wrong for one in followed(federation)] == [LogWrong.WRONG_KEY]


def mirrored(federation: Federation, folder: Path) -> int:
    aldova = federation[ALDOVA]
    return aldova.mirror.bring(aldova.directory().member(BERGENIA), "disclosures", folder).size


def test_a_full_copy_grows_with_the_log(federation: Federation, hostile: HostileLog, tmp_path: Path):
    for size in (3, 300, 700):
        hostile.signs(entries(size))
        assert mirrored(federation, tmp_path / "copy") == size
    written = {str(tile): hostile.file("disclosures", str(tile)) for tile in tiles_of(700)}
    assert {path: (tmp_path / "copy" / path).read_bytes() for path in written} == written
    assert not federation[ALDOVA].log_alarms.every()


@pytest.mark.parametrize("defect", ["omit", "reorder", "bad tile", "short"])
def test_entries_that_are_not_those_that_were_signed(
    federation: Federation, hostile: HostileLog, tmp_path: Path, defect: str
):
    """Its tree is right, and what it gives out as the entries of that tree is not."""
    false = {
        "omit": [*entries(302)[257:300], entries(303)[302]],
        "reorder": [*entries(300)[256:298], entries(300)[299], entries(300)[298]],
        "bad tile": [b"x"] * 44,
        "short": entries(299)[256:],
    }[defect]
    hostile.signs(entries(100))
    mirrored(federation, tmp_path)
    hostile.signs(entries(300))
    hostile.content = lambda tile: write_entries(false) if tile == Tile(None, 1, 44) else None
    with pytest.raises(Unauthenticated, match="journal alarms"):
        mirrored(federation, tmp_path)
    assert [one.wrong for one in federation[ALDOVA].log_alarms.every().values()] == [LogWrong.FALSE_TILE]
    assert (tmp_path / "checkpoint").read_text().splitlines()[1] == "100"
    hostile.content = lambda tile: None
    assert mirrored(federation, tmp_path) == 300


def test_a_folder_of_another_log_is_left_alone(federation: Federation, hostile: HostileLog, tmp_path: Path):
    hostile.signs(entries(100))
    for text in ("no log", hostile.signs(entries(100), origin="corvia/disclosures"), hostile.signs(entries(101))):
        (tmp_path / "checkpoint").write_text(text)
        hostile.signs(entries(100))
        with pytest.raises(Conflict):
            copy(tmp_path, _checkpoint(federation, hostile), lambda tile: b"")


def _checkpoint(federation: Federation, hostile: HostileLog):
    return verified(hostile.note.decode(), hostile.origin, federation[BERGENIA].keys.node.public)


# -- what a witness does not sign -----------------------------------------------------------------------------------


def test_a_witness_signs_one_root_for_a_size(federation: Federation, hostile: HostileLog):
    first = hostile.signs(entries(300))
    assert cosigned_by(first + add(federation, first, entries(300), 0), [federation[ALDOVA].witness_keys.witness])
    assert add(federation, first, entries(300), 300)  # the same again, with a newer time
    second = hostile.signs(entries(300, other="'"))
    for old in (0, 300):
        with pytest.raises(Conflict, match="another root"):
            add(federation, second, entries(300, other="'"), old, by=CORVIA)
    (alarm,) = federation[ALDOVA].log_alarms.every().values()
    assert (alarm.wrong, alarm.held, alarm.shown) == (LogWrong.FORK, first, second)


def test_a_witness_signs_nothing_that_does_not_continue_what_it_saw(federation: Federation, hostile: HostileLog):
    of, other = entries(300), entries(600, other="'")
    add(federation, hostile.signs(of), of, 0)
    for by, alarms in ((CORVIA, 0), (BERGENIA, 1)):  # whoever brings a wrong proof may be anybody
        with pytest.raises(Unproved):
            add(federation, hostile.signs(other), other, 300, by=by)
        assert len(federation[ALDOVA].log_alarms.every()) == alarms
    assert add(federation, hostile.signs(entries(600)), entries(600), 300)


@pytest.mark.parametrize("old", [0, 299, 301])
def test_a_witness_says_from_where_it_wants_the_proof(federation: Federation, hostile: HostileLog, old: int):
    add(federation, hostile.signs(entries(300)), entries(300), 0)
    with pytest.raises(OtherSize) as other:
        add(federation, hostile.signs(entries(600)), entries(600), old)
    assert other.value.size == 300


def test_a_witness_never_goes_back(federation: Federation, hostile: HostileLog):
    """The race of which the standard warns: an older request that comes late."""
    older = hostile.signs(entries(300))
    add(federation, hostile.signs(entries(600)), entries(600), 0)
    with pytest.raises(OtherSize):
        add(federation, older, entries(300), 0)


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_witness_that_crashes_signs_one_history(
    federation: Federation, hostile: HostileLog, monkeypatch: pytest.MonkeyPatch, point: str
):
    """Before it has kept the checkpoint nothing is signed; after it, only what was kept."""
    of, other = entries(300), entries(300, other="'")
    crash = {"before": "comity.storage.shelves.Shelves.commit", "after": "comity.nodes.witness.cosign"}[point]
    with monkeypatch.context() as crashing:
        crashing.setattr(crash, _crashed)
        with pytest.raises(Crash):
            add(federation, hostile.signs(of), of, 0)
    with federation[ALDOVA].store.reading() as tx:
        assert bool(tx.witnessing.seen("bergenia/disclosures")) is (point == "after")
    if point == "after":
        assert add(federation, hostile.signs(of), of, 300)
    else:
        assert add(federation, hostile.signs(of), of, 0)
    with pytest.raises(Conflict):
        add(federation, hostile.signs(other), other, 300)


class Crash(Exception):
    """The process ends here."""


def _crashed(*_: object) -> None:
    raise Crash


def test_a_witness_knows_whose_log_it_is(federation: Federation, hostile: HostileLog):
    with pytest.raises(NotPermitted):
        add(federation, hostile.signs(entries(3), signer=federation[CORVIA].keys.node), entries(3), 0)
    for origin in ("dorvia/disclosures", "bergenia/keys", "bergenia", "aldova/disclosures", "bergenia/x"):
        with pytest.raises(Missing):
            add(federation, hostile.signs(entries(3), origin=origin), entries(3), 0)


@pytest.mark.parametrize("says", ["nonsense", "of corvia", "of corvia, renamed"])
def test_a_member_that_names_no_key_of_its_own_spoils_it_for_nobody(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, says: str
):
    aldova, theirs = federation[ALDOVA], federation[CORVIA].witness_keys.witness.keys[1]
    renamed = VerifierKey(BERGENIA, theirs.type, theirs.key)
    vkey = {"nonsense": "nonsense", "of corvia": str(theirs), "of corvia, renamed": str(renamed)}[says]
    held = aldova.key_book.chain_of

    def chain_of(node: str):
        chain = held(node)
        return replace(chain, manifest=replace(chain.manifest, witness=vkey)) if node == BERGENIA else chain

    monkeypatch.setattr(aldova.key_book, "chain_of", chain_of)
    aldova.log.sign()
    assert aldova.witnesses.collect() == 2
    policy = read_policy(aldova.log_policy())
    assert {HUB, ALDOVA} < set(policy.groups)


def test_the_hub_logs_no_witness_key_twice(federation: Federation):
    hub, bergenia = federation[HUB], federation[BERGENIA]
    theirs = federation[CORVIA].witness_keys.witness.keys[1]
    chain = hub.key_book.chain_of(BERGENIA)
    for vkey, refusal in ((str(VerifierKey(BERGENIA, theirs.type, theirs.key)), Conflict), (str(theirs), Invalid)):
        said = next_keys(chain, bergenia.manifest, chain.manifest.epochs, federation.time(), (), vkey)
        with pytest.raises(refusal):
            hub.key_log.publish(signed_alone(said, bergenia.keys.root), hub.directory().member(BERGENIA))


def test_a_proof_where_nothing_is_continued_is_refused(federation: Federation, hostile: HostileLog):
    body = write_submission(0, [bytes(32)], hostile.signs(entries(3)))
    aldova = federation[ALDOVA]
    with pytest.raises(Unproved):
        aldova.witness.add(body, aldova.directory().member(BERGENIA), lambda tx: None)


# -- our own log, cut -----------------------------------------------------------------------------------------------


def test_nothing_is_signed_where_a_witness_has_seen_more(federation: Federation, hostile: HostileLog):
    """An older backup was restored: to go on would be to sign second roots."""
    bergenia = federation[BERGENIA]
    held = bergenia.log.sign()
    more = entries(held.size + 5)
    add(federation, hostile.signs(more), more, 0)
    bergenia.witnesses.collect()
    (alarm,) = bergenia.log_alarms.every().values()
    assert (alarm.wrong, alarm.origin) == (LogWrong.ROLLBACK, "bergenia/disclosures")
    assert bergenia.log.sign() == held  # though the alarm itself is an entry
    for identity in bergenia.log_alarms.every():
        bergenia.log_alarms.clear(identity, bergenia.operator("ben"))
    assert bergenia.log.sign().size > held.size
