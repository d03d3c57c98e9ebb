"""A lane that stands still is taken up again by people, never by the hub; its sender learns what was lost."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from comity.domain.errors import Conflict, NotPermitted
from comity.domain.journal import Act
from comity.domain.letter import Lane
from comity.domain.post import Resumed, Wrong
from comity.nodes.node import Node
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.post_cast import FewerKeys, arrived, write, wrongs
from tests.federation.test_hostile_hub import brought, fetch, hands_out, honest_again, payload_of


@contextmanager
def stopped(federation: Federation, name: str) -> Iterator[Node]:
    """A node is down while something is done to its folder, and comes back with what it finds there."""
    node = federation[name]
    node.close()
    yield node
    back = Node(node.folder, line=federation.line, clock=federation.time)
    federation.nodes[name] = back
    federation.line.doors[name] = back.federation_door


def backed_up(federation: Federation, name: str) -> None:
    with stopped(federation, name) as node:
        shutil.copy(node.folder / "comity.sqlite3", node.folder.parent / f"{name}.backup")


def restored_from_backup(federation: Federation, name: str) -> None:
    with stopped(federation, name) as node:
        for file in node.folder.glob("comity.sqlite3*"):
            file.unlink()
        shutil.copy(node.folder.parent / f"{name}.backup", node.folder / "comity.sqlite3")


def without_memory(federation: Federation, name: str) -> None:
    """It knows of no lane any more how far it had come: as after `comity keys recover` without a database."""
    with federation[name].store.transaction() as tx:
        for table in ("inbox_lanes", "inbox_letters", "outbox_lanes", "post_chains", "evidence_pieces"):
            tx.inbox._connection.exec_driver_sql(f"DELETE FROM {table}")
        for table in ("evidence_letters", "evidence_to_tell", "sealed_letters", "outbox_letters"):
            tx.inbox._connection.exec_driver_sql(f"DELETE FROM {table}")
        tx.resumed.put(Resumed(by="operator:test", at=federation.time()))
        tx.commit()


def resume(federation: Federation, at: str = BERGENIA, sender: str = ALDOVA, lane: Lane = Lane.BULK) -> None:
    federation[at].lanes.resume(sender, lane, federation[at].operator("test"))
    federation.time.pass_by(seconds=60)


def acts(federation: Federation, name: str, act: Act) -> list[str]:
    return [one.outcome for one in federation.journal(name) if one.act is act]


def test_after_an_older_backup_was_restored_the_lane_goes_on_and_its_sender_learns_what_was_lost(
    federation: Federation,
):
    backed_up(federation, BERGENIA)
    for text in ("1", "2"):
        write(federation, text)
    federation.post()
    restored_from_backup(federation, BERGENIA)
    write(federation, "3")
    federation[ALDOVA].sealed_courier.bring()
    fetch(federation)
    assert (arrived(federation), wrongs(federation)) == ([], ["gap"])

    resume(federation)
    federation.post()
    write(federation, "4")
    federation.post()
    assert (arrived(federation), wrongs(federation)) == (["3", "4"], [])
    (alarm,) = federation[ALDOVA].post.alarms().values()
    assert (alarm.wrong, alarm.sender, alarm.lane) == (Wrong.LOST, BERGENIA, Lane.BULK)
    first, last = alarm.missing
    assert last == first + 1
    assert acts(federation, BERGENIA, Act.LANE_RESUMED) == ["asked", "taken-up"]
    assert (acts(federation, BERGENIA, Act.LETTERS_LOST), acts(federation, ALDOVA, Act.LETTERS_LOST)) == (
        ["here"],
        ["there"],
    )


def test_letters_that_nobody_signed_for_are_written_anew_by_their_sender(federation: Federation):
    letters = brought(federation, "1", "2", "3", "4")
    dropped = set(letters[1:3])
    hands_out(federation, lambda found: [one for one in found if payload_of(one.route).id not in dropped])
    fetch(federation)
    resume(federation)
    federation.post()
    assert arrived(federation) == ["1", "4", "2", "3"]
    assert wrongs(federation, ALDOVA) == ["lost"]
    honest_again(federation)
    fetch(federation)  # now the hub brings the old ones: their numbers were passed
    assert arrived(federation) == ["1", "4", "2", "3"]


def test_an_old_letter_is_refused_after_the_lane_was_taken_up(federation: Federation):
    letters = brought(federation, "1", "2", "3")
    kept = []
    hands_out(
        federation, lambda found: kept.extend(found) or [one for one in found if payload_of(one.route).id != letters[1]]
    )
    fetch(federation)
    resume(federation)
    federation.post()
    assert arrived(federation) == ["1", "3", "2"]
    replays = [[one for one in kept if payload_of(one.route).id == letters[1]][:1], []]
    hands_out(federation, lambda found: replays.pop(0) if replays else found)
    fetch(federation)
    assert arrived(federation) == ["1", "3", "2"]
    assert wrongs(federation) == ["behind"]


def test_a_sender_that_was_restored_from_an_older_backup_is_heard_again(federation: Federation):
    backed_up(federation, ALDOVA)
    write(federation, "1")
    federation.post()
    restored_from_backup(federation, ALDOVA)
    write(federation, "2")
    federation[ALDOVA].sealed_courier.bring()
    fetch(federation)
    assert (arrived(federation), wrongs(federation)) == (["1"], ["behind"])
    resume(federation)
    write(federation, "3")
    federation.post()
    assert (arrived(federation), wrongs(federation), wrongs(federation, ALDOVA)) == (["1", "2", "3"], [], [])


def test_a_sender_that_lost_its_memory_begins_its_lanes_anew_and_is_shown_to_people(federation: Federation):
    write(federation, "1")
    federation.post()
    without_memory(federation, ALDOVA)
    for text in ("2", "3"):
        write(federation, text)
    federation.post()
    assert (arrived(federation), wrongs(federation)) == (["1", "2", "3"], ["begun-anew"])


def test_receipts_of_letters_from_before_the_memory_was_lost_are_not_taken_for_invented(federation: Federation):
    write(federation, "1")
    federation[ALDOVA].sealed_courier.bring()
    without_memory(federation, ALDOVA)
    federation.post()
    assert (arrived(federation), wrongs(federation, ALDOVA)) == (["1"], [])


def test_a_lane_begins_with_the_first_letter_that_can_be_read(federation: Federation):
    write(federation, "1")
    federation.post()
    without_memory(federation, BERGENIA)
    courier = federation[BERGENIA].sealed_courier
    keys = courier.keys
    courier.keys = FewerKeys(keys, lost=True)
    write(federation, "sealed to a key that is gone")
    federation.post()
    courier.keys = keys
    for text in ("3", "4"):
        write(federation, text)
    federation.post()
    assert (arrived(federation), wrongs(federation)) == (["1", "3", "4"], ["unreadable"])


def test_a_lane_that_does_not_stand_still_is_not_taken_up(federation: Federation):
    with pytest.raises(Conflict, match="does not stand still"):
        resume(federation)
    with pytest.raises(NotPermitted):
        federation[BERGENIA].lanes.resume(ALDOVA, Lane.BULK, federation.cast["sara"])


def test_leave_to_leap_ends_where_the_missing_letters_come_after_all(federation: Federation):
    letters = brought(federation, "1", "2")
    hands_out(federation, lambda found: [one for one in found if payload_of(one.route).id != letters[0]])
    fetch(federation)
    resume(federation)
    honest_again(federation)
    federation.post()
    assert arrived(federation) == ["1", "2"]
    letters = brought(federation, "3", "4")
    hands_out(federation, lambda found: [one for one in found if payload_of(one.route).id != letters[0]])
    fetch(federation)
    assert (arrived(federation), wrongs(federation)) == (["1", "2"], ["gap"])


@pytest.mark.parametrize(("sender", "recipient"), [(BERGENIA, HUB), (HUB, BERGENIA)])
def test_open_letters_between_hub_and_bureau_are_taken_up_the_same_way(
    federation: Federation, sender: str, recipient: str
):
    backed_up(federation, recipient)
    write(federation, "1", sender=sender, to=recipient)
    federation.post()
    restored_from_backup(federation, recipient)
    write(federation, "2", sender=sender, to=recipient)
    federation[sender].courier.deliver_once(federation.time())
    assert (arrived(federation, recipient, sender), wrongs(federation, recipient)) == ([], ["gap"])
    resume(federation, at=recipient, sender=sender)
    federation.post()
    assert (arrived(federation, recipient, sender), wrongs(federation, recipient)) == (["2"], [])
    assert wrongs(federation, sender) == ["lost"]


@pytest.mark.parametrize(("sender", "recipient"), [(BERGENIA, HUB), (HUB, BERGENIA)])
def test_open_letters_of_a_node_without_memory_begin_anew(federation: Federation, sender: str, recipient: str):
    write(federation, "1", sender=sender, to=recipient)
    federation.post()
    without_memory(federation, sender)
    write(federation, "2", sender=sender, to=recipient)
    federation.post()
    assert arrived(federation, recipient, sender) == ["1", "2"]
    assert wrongs(federation, recipient) == ["begun-anew"]


@pytest.mark.parametrize("days", [0, 31])
def test_a_first_letter_past_its_time_begins_no_lane_anew(federation: Federation, days: int):
    """Its id was forgotten here: were it good for ever, whoever kept it could take the lane back to its beginning."""
    write(federation, "1", sender=BERGENIA, to=HUB)
    with federation[BERGENIA].store.reading() as tx:
        letter = replace(tx.outbox.next(HUB, Lane.BULK), id="forgotten", sequence=1)
    federation.post()
    federation.time.pass_by(days=days)
    hub = federation[HUB]
    with hub.store.reading() as tx:
        bergenia = tx.members.directory().member(BERGENIA)
    if days:
        with pytest.raises(Conflict, match="is expected"):
            hub.letters.receive(letter, bergenia, lambda tx: None)
    else:
        hub.letters.receive(letter, bergenia, lambda tx: None)
    assert wrongs(federation, HUB) == (["behind"] if days else ["begun-anew"])
