"""Letters from bureau to bureau go under seal through the hub, and whatever breaks on the way, each arrives once."""

import pytest

from comity.domain import limits
from comity.domain.evidence import Step
from comity.domain.journal import Act
from comity.domain.letter import Lane
from comity.peers.sealed_courier import Keys
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.testing.federation_line import Loss, LossyLine
from tests.federation.post_cast import FewerKeys, arrived, steps, write, wrongs


def test_a_letter_leaves_a_chain_of_signed_steps_at_everybody_who_had_it(federation: Federation):
    letter = write(federation, "one")
    federation.post()
    assert arrived(federation) == ["one"]
    relayed, delivered = (Step.RELAYED, HUB), (Step.DELIVERED, BERGENIA)
    assert steps(federation, ALDOVA, letter) == [(Step.SUBMITTED, ALDOVA), relayed, delivered]
    assert steps(federation, HUB, letter) == [relayed, delivered]
    assert steps(federation, BERGENIA, letter) == [delivered]
    assert all(not node.post.alarms() for node in federation.nodes.values())


def test_the_hub_holds_nothing_that_it_can_read(federation: Federation):
    write(federation, "nobody in between reads this sentence")
    federation[ALDOVA].sealed_courier.bring()
    with federation[HUB].store.reading() as tx:
        (held,) = tx.postroom.waiting(BERGENIA, 10, 10**6)
    assert b"nobody in between" not in held.sealed.route + held.sealed.box
    database = federation[HUB].folder / "comity.sqlite3"
    beside = database.with_name("comity.sqlite3-wal")
    assert b"nobody in between" not in database.read_bytes() + beside.read_bytes()


def test_the_hub_keeps_a_letter_no_longer_than_its_recipient_needs(federation: Federation):
    letter = write(federation, "one")
    federation[ALDOVA].sealed_courier.bring()
    with federation[HUB].store.reading() as tx:
        assert tx.postroom.get(ALDOVA, letter).sealed.box
        assert tx.postroom.held(ALDOVA)[0] == 1
    federation.post()
    with federation[HUB].store.reading() as tx:
        assert tx.postroom.get(ALDOVA, letter).sealed.box == b""
        assert tx.postroom.held(ALDOVA) == (0, 0)
        assert tx.postroom.depths() == {}
    with federation[ALDOVA].store.reading() as tx:
        assert tx.sealed.depths() == {}


def test_what_is_urgent_goes_first_and_each_lane_in_order(federation: Federation):
    for number in range(5):
        write(federation, f"bulk-{number}")
    for number in range(3):
        write(federation, f"urgent-{number}", urgent=True)
    federation.post()
    assert arrived(federation) == [
        *(f"urgent-{number}" for number in range(3)),
        *(f"bulk-{number}" for number in range(5)),
    ]


def test_many_letters_to_an_absent_bureau_arrive_in_order_on_its_return(federation: Federation):
    for number in range(250):
        write(federation, str(number))
    federation[ALDOVA].sealed_courier.bring()
    assert federation[HUB].postroom.depths() == {BERGENIA: 250}
    federation.post()
    assert arrived(federation) == [str(number) for number in range(250)]


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("lost", range(6))
def test_nothing_is_lost_or_taken_twice_whichever_request_is_lost(federation: Federation, lost: int, loss: Loss):
    line = LossyLine(federation.line.doors, lost, loss, counts="/federation/v1/post")
    for node in federation.nodes.values():
        node.exchange.line = line
    letters = [write(federation, "one"), write(federation, "two"), write(federation, "three", urgent=True)]
    federation.post()
    assert line.posts > lost
    assert sorted(arrived(federation)) == ["one", "three", "two"]
    for letter in letters:
        assert steps(federation, ALDOVA, letter)[-1] == (Step.DELIVERED, BERGENIA)
    assert all(not node.post.alarms() for node in federation.nodes.values())


def knows_no_keys(federation: Federation) -> Keys:
    """Aldova has seen none of Bergenia yet; what it really has."""
    courier = federation[ALDOVA].sealed_courier
    keys, courier.keys = courier.keys, FewerKeys(courier.keys, unknown=[BERGENIA])
    return keys


def test_a_bureau_without_keys_gets_its_letters_directly(federation: Federation):
    knows_no_keys(federation)
    letter = write(federation, "open")
    federation.post()
    assert arrived(federation) == ["open"]
    assert steps(federation, ALDOVA, letter) == []


def test_a_lane_goes_on_under_seal_where_it_was_open_before(federation: Federation):
    keys = knows_no_keys(federation)
    write(federation, "open")
    federation.post()
    federation[ALDOVA].sealed_courier.keys = keys
    write(federation, "sealed")
    federation.post()
    assert arrived(federation) == ["open", "sealed"]
    assert wrongs(federation) == []


def test_a_letter_whose_acknowledgement_was_lost_before_it_was_sealed_is_not_applied_twice(federation: Federation):
    keys = knows_no_keys(federation)
    write(federation, "one")
    federation.line.lost, federation.line.loss = federation.line.posts, Loss.REPLY
    federation[ALDOVA].courier.deliver_once(federation.time())
    federation[ALDOVA].sealed_courier.keys = keys
    federation.time.pass_by(seconds=10)
    write(federation, "two")
    federation.post()
    assert arrived(federation) == ["one", "two"]
    assert wrongs(federation) == []


def test_a_letter_that_expires_at_the_hub_leaves_its_outside_and_the_next_one_arrives(federation: Federation):
    letter = write(federation, "too late")
    federation[ALDOVA].sealed_courier.bring()
    federation.time.pass_by(days=22)  # longer than any key opens it
    follow_again(federation)
    assert federation[HUB].postroom.expire() == 1
    with federation[HUB].store.reading() as tx:
        assert tx.postroom.get(ALDOVA, letter).sealed.box == b""
    write(federation, "in time")
    federation.post()
    assert arrived(federation) == ["in time"]
    assert steps(federation, ALDOVA, letter)[2:] == [(Step.REFUSED, BERGENIA), (Step.EXPIRED, HUB)]
    for name in (ALDOVA, BERGENIA):
        assert [one.subject for one in federation.journal(name) if one.act is Act.LETTER_EXPIRED] == [letter]
    assert wrongs(federation) == []


def follow_again(federation: Federation) -> None:
    federation[HUB].members.refresh()
    federation.follow()
    federation.publish_keys()


def test_what_no_key_here_opens_is_refused_by_signature_and_holds_nobody_up(federation: Federation):
    courier = federation[BERGENIA].sealed_courier
    keys, courier.keys = courier.keys, FewerKeys(courier.keys, lost=True)
    letter = write(federation, "for keys that are gone")
    federation[ALDOVA].sealed_courier.bring()
    courier.fetch()
    courier.keys = keys
    write(federation, "next")
    federation.post()
    assert arrived(federation) == ["next"]
    assert steps(federation, ALDOVA, letter)[-1] == (Step.REFUSED, BERGENIA)
    assert wrongs(federation) == ["unreadable"]


def test_a_letter_of_a_kind_that_is_not_known_is_parked_and_answered(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("comity.wire.letter.KINDS", frozenset())
    monkeypatch.setattr("comity.wire.letter.decode_as_written", lambda *_: None)
    write(federation, "what is this?")
    federation[ALDOVA].sealed_courier.bring()
    federation[BERGENIA].sealed_courier.fetch()
    monkeypatch.undo()
    federation.post()
    assert [one.outcome for one in federation.journal(BERGENIA) if one.act is Act.LETTER_PARKED] == ["letter-parked"]
    assert [one.outcome for one in federation.journal(ALDOVA) if one.act is Act.LETTER_PARKED] == ["letter-parked"]


def test_a_letter_that_does_not_arrive_in_its_time_is_shown(federation: Federation):
    letter = write(federation, "held back", urgent=True)
    federation[ALDOVA].sealed_courier.bring()
    assert federation[ALDOVA].post.watch() == 0
    federation.time.pass_by(seconds=limits.POST_URGENT_WITHIN_SECONDS + 1)
    assert federation[ALDOVA].post.watch() == 1
    assert federation[ALDOVA].post.watch() == 0
    (alarm,) = federation[ALDOVA].post.alarms().values()
    assert (alarm.wrong, alarm.letter, alarm.lane) == ("undelivered", letter, Lane.URGENT)


# -- recall -----------------------------------------------------------------------------------------------------------


def recall(federation: Federation, letter: str) -> str:
    return federation[ALDOVA].recalls.recall(letter, "sent to the wrong bureau", federation[ALDOVA].operator("test"))


def test_a_letter_recalled_before_it_left_is_never_read(federation: Federation):
    letter = write(federation, "mistake")
    recall(federation, letter)
    write(federation, "next")
    federation.post()
    assert arrived(federation) == ["next"]


def test_a_letter_recalled_at_the_hub_is_destroyed_unopened_and_the_sender_has_it_signed(federation: Federation):
    letter = write(federation, "mistake")
    federation[ALDOVA].sealed_courier.bring()
    recall(federation, letter)  # in the urgent lane: it overtakes
    write(federation, "next")
    federation.post()
    assert arrived(federation) == [letter, "next"]  # of the first only that it was recalled
    assert steps(federation, ALDOVA, letter)[-1] == (Step.RECALLED, BERGENIA)
    assert federation[ALDOVA].post.evidence(letter)[-1].evidence.reason == "destroyed unopened"
    assert federation[BERGENIA].recalls.every() == []


def test_a_letter_recalled_after_it_was_taken_is_deleted_by_people_who_sign_for_it(federation: Federation):
    letter = write(federation, "mistake")
    federation.post()
    recall(federation, letter)
    federation.post()
    (asked,) = federation[BERGENIA].recalls.every()
    assert (asked.sender, asked.letter, asked.arrived) == (ALDOVA, letter, True)
    assert steps(federation, ALDOVA, letter)[-1] == (Step.DELIVERED, BERGENIA)
    federation[BERGENIA].recalls.deleted(ALDOVA, letter, federation[BERGENIA].operator("test"))
    federation.post()
    assert steps(federation, ALDOVA, letter)[-1] == (Step.RECALLED, BERGENIA)
    assert federation[BERGENIA].recalls.every() == []
