"""No proof, no read: what came is shown once its sender's log, seen by enough witnesses, holds the disclosure."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import delete

from comity.domain.bureau import Member
from comity.domain.caller import Role
from comity.domain.case import Case
from comity.domain.disclosed import ProofRules, sealed_entry
from comity.domain.errors import NotPermitted
from comity.domain.journal import Act, Receipt
from comity.domain.lookup import Outcome, SourceAnswer
from comity.domain.promise import Promise, Unproved
from comity.domain.witnessing import LogAlarm, LogWrong
from comity.peers.log_follower import LogFollower
from comity.storage.promises import promises
from comity.storage.witnessing import cosigned_checkpoints, log_alarms
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from comity.web.federation.disclosed import Disclosures, Openings
from comity.web.federation.questions import Questions
from comity.web.officer.shown import shown
from comity.wire.canonical import b64u
from comity.wire.promise import checked_promise, signed_promise
from comity.wire.tiles import Tile
from tests.desks.casework import duty, mail_at, opened, sent
from tests.desks.cast import as_
from tests.federation.conftest import STOLEN

STRICT = ProofRules(timedelta(minutes=5), Unproved.HOLD, Unproved.SHOW)
LENIENT = replace(STRICT, after_grace=Unproved.SHOW)


@pytest.fixture(scope="module")
def made(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("proofs") / "federation"
    shutil.copytree(furnished, folder)
    federation = Federation(folder)
    yield federation
    federation.close()


@pytest.fixture
def federation(made: Federation) -> Iterator[Federation]:
    """One for all, in which nothing waits, nobody has seen anything and every door is honest."""
    routes = {name: dict(node.federation_door.routes) for name, node in made.nodes.items()}
    for node in made.nodes.values():
        node.proofs.rules = STRICT
        node.lookups.unpromised = Unproved.SHOW
        with node.store.transaction() as tx:
            for table in (promises, log_alarms, cosigned_checkpoints):
                tx.connection.execute(delete(table))
            for held in tx.held_letters.every():
                tx.held_letters.forget(held.letter.sender, held.letter.id)
            tx.commit()
    yield made
    for name, node in made.nodes.items():
        node.federation_door.routes = routes[name]
    made.line.out_of_reach = set()


def alarms(federation: Federation, name: str) -> list[LogAlarm]:
    """Those about the two whose logs matter here: the hub answers too, and promises as well."""
    every = federation[name].log_alarms.every().values()
    return [one for one in every if one.origin.partition("/")[0] in (ALDOVA, BERGENIA)]


def a_case(federation: Federation) -> Case:
    return opened(federation, number=f"AL-{next(_numbers)}")


_numbers = itertools.count()


def said(federation: Federation, name: str = BERGENIA) -> list[str]:
    return [one.says for one in federation[name].proofs.waiting(duty(name))]


# -- letters ----------------------------------------------------------------------------------------------------------


def test_a_message_is_read_once_its_senders_log_is_shown_to_hold_it(federation: Federation):
    message = sent(federation, a_case(federation))
    assert mail_at(federation, BERGENIA, message.id) is None
    (told,) = said(federation)
    assert "case-message of aldova (bulk), held for want of proof" in told
    assert "asked again every few seconds" in told
    assert "stays held until there is proof" in told
    assert federation.prove() == 1
    assert mail_at(federation, BERGENIA, message.id).message.text == message.message.text
    assert said(federation) == []
    entries = [one for one in federation.journal(BERGENIA) if one.act is Act.LETTER_PROVED]
    assert (entries[-1].actor, entries[-1].details["log_size"] > 0) == (ALDOVA, True)
    assert not alarms(federation, BERGENIA)


def test_the_signature_of_the_log_alone_proves_nothing(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    """Nobody else has seen it: there could be another history for everybody else."""
    sent(federation, a_case(federation))
    aldova = federation[ALDOVA]
    aldova.log.sign()
    with aldova.store.transaction() as tx:
        tx.witnessing.keep_cosigned(tx.journal.checkpoint())  # as if it had been cosigned
        tx.commit()
    assert federation[BERGENIA].proof_follower.follow() == 0
    assert len(said(federation)) == 1
    monkeypatch.setattr("comity.peers.proofs.quorum_of", lambda note, policy: {})
    assert federation[BERGENIA].proof_follower.follow() == 1


FALSE = {
    "of somebody else": {"actor": CORVIA},
    "of another letter": {"records": ("another-letter",)},
    "of another box": {"details": {"digests": ["0" * 64]}},
}


@pytest.mark.parametrize("false", FALSE)
def test_another_entry_of_the_log_proves_nothing_of_a_letter(
    federation: Federation, monkeypatch: pytest.MonkeyPatch, false: str
):
    """All of these stand in its log: they do not say that it disclosed this letter to us."""
    monkeypatch.setattr("comity.desks.post.sealed_entry", lambda *of: replace(sealed_entry(*of), **FALSE[false]))
    case, before = a_case(federation), size(federation, ALDOVA)
    sent(federation, case)
    with federation[ALDOVA].store.reading() as tx:
        openings = tx.journal.read(before - 1, 100)
    shows(federation, lambda letters, member: openings)
    assert federation.prove() == 0
    assert len(said(federation)) == 1


def test_an_entry_that_does_not_stand_in_the_log_proves_nothing(federation: Federation):
    """Its words are right, and it was never written down: it has another salt, or stands elsewhere."""
    honest = federation[ALDOVA].proofs.openings
    sent(federation, a_case(federation))
    for forged in ({"salt": b64u(bytes(32))}, {"index": 3}):
        shows(federation, lambda letters, member, forged=forged: [replace(*honest(letters, member), **forged)])
        assert federation.prove() == 0
    shows(federation, honest)
    assert federation.prove() == 1


def test_letters_of_a_lane_stay_in_order(federation: Federation):
    """The second goes on what the first says."""
    case = a_case(federation)
    sent(federation, case)
    second = mail_at(federation, ALDOVA, sent(federation, case).id).legs[0].letter
    honest = federation[ALDOVA].proofs.openings
    shows(federation, lambda letters, member: honest([second], member))
    assert (federation.prove(), len(said(federation))) == (0, 2)
    shows(federation, honest)
    assert (federation.prove(), len(said(federation))) == (2, 0)


def test_a_member_is_shown_the_entries_of_letters_to_itself_alone(federation: Federation):
    message = sent(federation, a_case(federation))
    letter = mail_at(federation, ALDOVA, message.id).legs[0].letter
    aldova = federation[ALDOVA]
    members = {name: aldova.directory().member(name) for name in (BERGENIA, CORVIA)}
    assert [one.entry.records for one in aldova.proofs.openings([letter], members[BERGENIA])] == [(letter,)]
    assert aldova.proofs.openings([letter], members[CORVIA]) == []


@pytest.mark.parametrize("rules", [STRICT, LENIENT], ids=["held", "shown"])
def test_what_is_not_proved_in_time_raises_an_alarm(federation: Federation, rules: ProofRules):
    bergenia = federation[BERGENIA]
    bergenia.proofs.rules = rules
    message = sent(federation, a_case(federation))
    (told,) = said(federation)
    assert ("without proof, and there is an alarm" in told) is (rules is LENIENT)
    federation.line.out_of_reach = {ALDOVA}
    federation.time.pass_by(seconds=299)
    assert bergenia.proof_follower.follow() == 0
    assert not alarms(federation, BERGENIA)
    federation.time.pass_by(seconds=2)
    assert bergenia.proof_follower.follow() == (rules is LENIENT)
    bergenia.proof_follower.follow()
    (alarm,) = alarms(federation, BERGENIA)
    letter = mail_at(federation, ALDOVA, message.id).legs[0].letter
    assert (alarm.wrong, alarm.origin, alarm.about) == (LogWrong.UNPROVED, "aldova/disclosures", letter)
    noted = [one for one in federation.journal(BERGENIA) if one.act is Act.LOG_ALARM]
    assert noted[-1].details["about"] == letter
    unproved = [one.subject for one in federation.journal(BERGENIA) if one.act is Act.LETTER_UNPROVED]
    assert (letter in unproved) is (rules is LENIENT)
    assert (mail_at(federation, BERGENIA, message.id) is not None) is (rules is LENIENT)


@pytest.mark.parametrize("earlier", Unproved)
def test_a_sender_of_an_earlier_release_proves_nothing(federation: Federation, earlier: Unproved):
    """It has no such address; whether it is read all the same is for whoever reads."""
    bergenia = federation[BERGENIA]
    bergenia.proofs.rules = replace(STRICT, earlier_releases=earlier)
    message = sent(federation, a_case(federation))
    del federation[ALDOVA].federation_door.routes["POST", "/federation/v1/disclosures"]
    assert federation.prove() == (earlier is Unproved.SHOW)
    assert (mail_at(federation, BERGENIA, message.id) is not None) is (earlier is Unproved.SHOW)


def test_a_sender_without_a_log_that_others_cosign_is_not_waited_for(federation: Federation):
    bergenia = federation[BERGENIA]
    bergenia.proofs.proves = lambda node: False
    try:
        assert mail_at(federation, BERGENIA, sent(federation, a_case(federation)).id) is not None
        bergenia.proofs.rules = replace(STRICT, earlier_releases=Unproved.HOLD)
        assert mail_at(federation, BERGENIA, sent(federation, a_case(federation)).id) is None
    finally:
        bergenia.proofs.proves = bergenia._proves


def test_what_is_taken_back_before_it_is_proved_is_destroyed_unread(federation: Federation):
    message = sent(federation, a_case(federation))
    letter = mail_at(federation, ALDOVA, message.id).legs[0].letter
    federation[ALDOVA].recalls.recall(letter, "a mistake", federation[ALDOVA].operator("test"))
    federation.post()
    assert said(federation) == []
    assert federation.prove() == 0
    assert mail_at(federation, BERGENIA, message.id) is None


def test_a_reviewer_may_let_it_be_read_without_proof(federation: Federation):
    message = sent(federation, a_case(federation))
    desk, sara = federation[BERGENIA].letter_review, federation.cast["sara"]
    (cover,) = desk.every(sara)
    assert cover.measure == "no proof, no read"
    desk.release(cover.id, sara)
    assert mail_at(federation, BERGENIA, message.id) is not None
    entry = next(one for one in reversed(federation.journal(BERGENIA)) if one.act is Act.LETTER_REVIEWED)
    assert (entry.subject, entry.clauses) == (cover.id.partition("/")[2], ("no proof, no read",))


def test_only_officers_see_what_is_held(federation: Federation):
    with pytest.raises(NotPermitted):
        federation[BERGENIA].proofs.waiting(as_({Role.AUDITOR}, BERGENIA))


# -- answers ----------------------------------------------------------------------------------------------------------


def found(federation: Federation) -> SourceAnswer:
    """Ada's hit at Bergenia, at once."""
    return federation.answer_of(BERGENIA, federation.ask("ada", STOLEN))


def kept(federation: Federation) -> list[Promise]:
    with federation[ALDOVA].store.reading() as tx:
        return tx.promises.of(BERGENIA, 10)


def test_an_answer_comes_at_once_under_a_promise_that_is_kept(federation: Federation):
    answer = found(federation)
    promise = answer.promise
    assert (promise.index, promise.leaf) == (answer.receipt.index, answer.receipt.leaf)
    assert promise.merge_by == federation.time() + timedelta(seconds=60)
    assert kept(federation) == [promise]
    asked = federation.ask("ada", STOLEN)
    told = {one.source: one.says for one in shown(asked, str).sources}
    assert "It promises to show by" in told[BERGENIA]
    federation.prove()
    assert kept(federation) == []
    assert not alarms(federation, ALDOVA)


def test_an_entry_that_does_not_come_in_time_is_an_alarm_that_names_the_promise(federation: Federation):
    bergenia = federation[BERGENIA]
    federation.prove()
    promise = found(federation).promise
    federation[ALDOVA].proof_follower.follow()
    federation.time.pass_by(seconds=60)
    federation[ALDOVA].proof_follower.follow()
    assert not alarms(federation, ALDOVA)
    federation.time.pass_by(seconds=1)
    federation[ALDOVA].proof_follower.follow()
    (alarm,) = alarms(federation, ALDOVA)
    assert (alarm.wrong, alarm.origin) == (LogWrong.MISSED_PROMISE, "bergenia/disclosures")
    assert promise.question in alarm.what
    assert alarm.shown.startswith("bergenia/disclosures\n")
    evidence = replace(promise, signed=alarm.about)  # whoever holds it can show it to anybody
    pair = bergenia.keys.node.public
    answer = federation.answer_of(BERGENIA, federation.ask("ada", STOLEN))
    claimed = replace(answer, question=promise.question, promise=evidence, receipt=_receipt_of(promise))
    assert checked_promise(claimed, pair, promise.at) == promise
    assert promise not in kept(federation)


def test_another_entry_in_its_place_is_an_alarm_at_once(federation: Federation):
    promise = found(federation).promise
    promises_of_bergenia(federation, replace(promise, leaf="0" * 64))
    federation.prove()
    alarm = next(one for one in alarms(federation, ALDOVA) if one.wrong is LogWrong.MISSED_PROMISE)
    assert "another entry stands in its place" in alarm.what
    assert len(alarm.proof) > 1  # that entry, and what proves it


def test_a_node_that_shows_nothing_has_its_time_and_the_grace(federation: Federation):
    found(federation)
    federation.line.out_of_reach = {BERGENIA}
    for seconds, expected in ((359, 0), (2, 1)):
        federation.time.pass_by(seconds=seconds)
        federation[ALDOVA].proof_follower.follow()
        assert len(alarms(federation, ALDOVA)) == expected


def test_tiles_that_are_not_those_that_were_signed_break_no_promise(federation: Federation):
    """Whoever is between could else make an honest node look as if it had broken its word."""
    promise = found(federation).promise
    for node in federation.nodes.values():
        node.log.sign()
    federation[BERGENIA].witnesses.collect()
    aldova, honest = federation[ALDOVA], federation[ALDOVA].proof_follower.logs
    aldova.proof_follower.logs = _Other(honest)
    try:
        aldova.proof_follower.follow()
    finally:
        aldova.proof_follower.logs = honest
    assert (kept(federation), alarms(federation, ALDOVA)) == ([promise], [])


@pytest.mark.parametrize("unpromised", Unproved)
def test_an_answer_without_a_promise(federation: Federation, unpromised: Unproved):
    """As nodes of an earlier release give it: read nothing behind the question mark."""
    federation[ALDOVA].lookups.unpromised = unpromised
    bergenia = federation[BERGENIA]
    route = bergenia.federation_door.routes["POST", "/federation/v1/questions"]
    plain = Questions(bergenia.answering, bergenia.metrics, lambda answer: answer)
    bergenia.federation_door.routes["POST", "/federation/v1/questions"] = replace(route, serve=plain)
    answer = federation.ask("ada", STOLEN)
    told = {one.source: one for one in shown(answer, str).sources}[BERGENIA]
    assert told.outcome is (Outcome.HIT if unpromised is Unproved.SHOW else Outcome.SILENT)
    if unpromised is Unproved.SHOW:
        assert "does not promise" in told.says
    else:
        assert "not shown" in told.reason.text
    assert kept(federation) == []


# -- helps ------------------------------------------------------------------------------------------------------------


class _Other:
    """A log follower whose tiles are of another log."""

    def __init__(self, honest: LogFollower) -> None:
        self.honest = honest

    def tile(self, member: Member, name: str, tile: Tile) -> bytes:
        return bytes(len(self.honest.tile(member, name, tile)))


def shows(federation: Federation, openings: Openings) -> None:
    """Aldova shows what the test lets it show."""
    routes, address = federation[ALDOVA].federation_door.routes, ("POST", "/federation/v1/disclosures")
    door = Disclosures(openings)
    routes[address] = replace(routes[address], serve=lambda request, member, once: door(request, member))


def promises_of_bergenia(federation: Federation, promise: Promise) -> None:
    signed = signed_promise(promise, federation[BERGENIA].keys.node)
    with federation[ALDOVA].store.transaction() as tx:
        tx.promises.keep(signed)
        tx.commit()


def size(federation: Federation, name: str) -> int:
    with federation[name].store.reading() as tx:
        return tx.journal.size()


def _receipt_of(promise: Promise) -> Receipt:
    return Receipt(origin=promise.origin, index=promise.index, leaf=promise.leaf)
