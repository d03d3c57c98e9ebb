"""Letters arrive once and in order, whatever the line loses, and urgent ones wait for nobody."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec
import pytest

from comity.desks.needs import Once
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Invalid
from comity.domain.letter import (
    ConfirmationAnswer,
    ConfirmationReply,
    Lane,
    Letter,
    LetterParked,
    Parked,
)
from comity.domain.lookup import Question, SourceAnswer
from comity.peers.courier import Courier
from comity.peers.exchange import Exchange
from comity.storage.database import Database
from comity.testing.federation_line import Loss, LossyLine
from comity.web.federation.door import FederationDoor
from comity.web.metrics import Metrics
from comity.wire.acknowledgement import Acknowledgement, read_acknowledgement, write_acknowledgement
from comity.wire.http import Request, Response
from comity.wire.signature import signed_response
from tests.peers.federation import Clock, Entropy, directory, station

LETTERS = 3
NewStore = Callable[[str], Database]


class Bureau:
    """A node with a real outbox and inbox; what it applies it also keeps in a list, in order."""

    def __init__(self, name: str, store: Database, clock: Clock, line: LossyLine) -> None:
        self.own, self.store, self.clock = station(name), store, clock
        self.applied: list[str] = []
        self.refuses: Exception | None = None
        self.held: Directory | None = directory()
        self.exchange = Exchange(line, self.own.signer, clock, Entropy())
        self.courier = Courier(self.store, lambda: self.held, self.exchange, clock, Metrics())
        self.door = FederationDoor(
            counter=Metrics(),
            node=name,
            authority=self.own.authority,
            signer=self.own.signer,
            clock=clock,
            directory=lambda: self.held,
            take=lambda once: None,
            heard_from=self.courier.heard_from,
            answering=self,
            promised=lambda answer: answer,
            letters=self,
            postroom=None,  # type: ignore[arg-type]  # nobody brings sealed letters here
            file_room=None,  # type: ignore[arg-type]
            published_directory=lambda: None,
            published_measures=lambda: b"",
            key_page=lambda after, root: None,
            publish_keys=lambda document, member: 0,
            renew=lambda signed, member: False,
            bulletin=lambda after: (b"", ()),
            law_document=lambda digest: None,
            log_file=lambda log, path: b"",
            witness=None,  # type: ignore[arg-type]  # nor asks to be witnessed
            openings=lambda letters, member: [],
            reconcile=lambda asked, member: b"",
        )

    def answer(self, question: Question, member: Member, once: Once) -> SourceAnswer:
        raise AssertionError("no questions here")

    def receive(self, letter: Letter | Parked, sender: Member, once: Once) -> None:
        if self.refuses:
            raise self.refuses
        with self.store.transaction() as tx:
            if tx.inbox.applied(letter, self.clock()):
                tx.commit()
                self.applied.append(said(letter))

    def expected(self, sender: Member, lane: Lane) -> int:
        with self.store.reading() as tx:
            return tx.inbox.expected(sender.id, lane)

    def write(self, recipient: str, what: str, lane: Lane = Lane.BULK) -> None:
        urgent = ConfirmationAnswer(hit="h", reply=ConfirmationReply.CONFIRMED, note=what)
        body = urgent if lane is Lane.URGENT else LetterParked(letter="l", unknown_kind=what)
        with self.store.transaction() as tx:
            tx.outbox.send(recipient, body, self.clock())
            tx.commit()

    def waiting(self) -> dict[str, int]:
        with self.store.reading() as tx:
            return tx.outbox.depths()

    def deliver(self) -> int:
        return self.courier.deliver_once(self.clock())


def said(letter: Letter | Parked) -> str:
    assert isinstance(letter, Letter)
    body = letter.body
    return body.note if isinstance(body, ConfirmationAnswer) else getattr(body, "unknown_kind", "")


class Federation:
    def __init__(self, new_store: NewStore) -> None:
        self.clock = Clock()
        self.doors: dict[str, Callable[[Request], Response]] = {}
        self.line = LossyLine(self.doors)
        self.aldova, self.bergenia, self.corvia = (
            Bureau(name, new_store(name), self.clock, self.line) for name in ("aldova", "bergenia", "corvia")
        )
        self.bureaus = (self.aldova, self.bergenia, self.corvia)
        self.doors.update({one.own.name: one.door for one in self.bureaus})

    def close(self) -> None:
        for one in self.bureaus:
            one.courier.close()
            one.store.close()


@pytest.fixture
def federation(new_store: NewStore) -> Iterator[Federation]:
    federation = Federation(new_store)
    yield federation
    federation.close()


def write_three(federation: Federation, recipient: str = "bergenia") -> list[str]:
    words = [f"letter {number}" for number in range(LETTERS)]
    for word in words:
        federation.aldova.write(recipient, word)
    return words


def until_nothing_waits(federation: Federation, bureau: Bureau) -> None:
    for _ in range(10):
        bureau.deliver()
        if not bureau.waiting():
            return
        federation.clock.go_on(limits.RETRY_LAST_SECONDS)
    raise AssertionError(f"still waiting: {bureau.waiting()}")


def test_letters_arrive_in_order_and_are_marked(federation):
    words = write_three(federation)
    assert federation.aldova.deliver() == LETTERS
    assert federation.bergenia.applied == words
    assert federation.aldova.waiting() == {}
    assert federation.aldova.deliver() == 0


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("lost", range(LETTERS))
def test_each_letter_is_applied_once_whichever_post_is_lost(federation, lost, loss):
    words = write_three(federation)
    federation.line.lost, federation.line.loss = lost, loss
    until_nothing_waits(federation, federation.aldova)
    assert federation.bergenia.applied == words
    assert federation.line.posts == LETTERS + 1


def test_a_recipient_that_gets_keys_meanwhile_gets_no_other_letter_outside_a_seal(federation):
    words = write_three(federation)
    federation.aldova.courier.seals_to = lambda recipient: federation.bergenia.applied == words[:1]
    assert federation.aldova.deliver() == 1
    assert federation.bergenia.applied == words[:1]
    assert federation.aldova.waiting() == {"bergenia": LETTERS - 1}


@pytest.mark.parametrize("together", [1, 2, LETTERS])
def test_a_stop_between_delivery_and_marking_brings_letters_again_and_they_are_recognised(
    federation, monkeypatch, together
):
    words = write_three(federation)
    courier = federation.aldova.courier

    def stop(letters: list[Letter]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(limits, "DELIVERED_TOGETHER_MAX", together)
        broken.setattr(courier, "_delivered", stop)
        federation.aldova.deliver()
    assert federation.bergenia.applied == words[:together]
    assert federation.aldova.waiting() == {"bergenia": LETTERS}
    assert federation.aldova.deliver() == LETTERS
    assert federation.bergenia.applied == words


def test_a_failed_letter_waits_longer_each_time_and_holds_those_behind_it(federation):
    write_three(federation)
    federation.line.out_of_reach.add("bergenia")
    for wait in (1, 2, 4):
        federation.aldova.deliver()
        posts = federation.line.posts
        federation.clock.go_on(wait * limits.RETRY_FIRST_SECONDS - 0.1)
        assert federation.aldova.deliver() == 0
        assert federation.line.posts == posts
        federation.clock.go_on(0.2)
    federation.line.out_of_reach.clear()
    assert federation.aldova.deliver() == LETTERS


def test_a_sign_of_life_ends_the_wait(federation):
    write_three(federation)
    federation.line.out_of_reach.add("bergenia")
    federation.aldova.deliver()
    federation.line.out_of_reach.clear()
    assert federation.aldova.deliver() == 0
    federation.bergenia.write("aldova", "here we are again")
    federation.bergenia.deliver()
    assert federation.aldova.deliver() == LETTERS


def test_a_letter_that_arrives_in_one_lane_ends_the_wait_of_the_other(federation):
    write_three(federation)
    federation.line.out_of_reach.add("bergenia")
    federation.aldova.deliver()
    federation.line.out_of_reach.clear()
    federation.aldova.write("bergenia", "urgent", Lane.URGENT)
    assert federation.aldova.deliver() == 1
    assert federation.aldova.deliver() == LETTERS


def test_one_silent_recipient_does_not_hold_up_another(federation):
    write_three(federation)
    federation.line.out_of_reach.add("bergenia")
    federation.aldova.write("corvia", "to Corvia")
    assert federation.aldova.deliver() == 1
    assert federation.corvia.applied == ["to Corvia"]


def test_urgent_letters_go_first(federation):
    write_three(federation)
    write_three(federation, "corvia")
    federation.aldova.write("corvia", "urgent", Lane.URGENT)
    federation.aldova.write("bergenia", "urgent", Lane.URGENT)
    arrived: list[str] = []
    for one in (federation.bergenia, federation.corvia):
        one.applied = arrived
    federation.aldova.deliver()
    assert arrived[:2] == ["urgent", "urgent"]
    assert len(arrived) == 2 + 2 * LETTERS


def test_an_urgent_letter_does_not_wait_for_a_bulk_lane_that_is_stuck(federation):
    """Bergenia's line hangs in the middle of a bulk letter; the confirmation goes through all the same."""
    hangs, go_on, arrived = threading.Event(), threading.Event(), threading.Event()
    door = federation.bergenia.door

    def slow(request: Request) -> Response:
        if b"urgent" not in request.body and not hangs.is_set():
            hangs.set()
            go_on.wait(20)
        response = door(request)
        if "urgent" in federation.bergenia.applied:
            arrived.set()
        return response

    federation.doors["bergenia"] = slow
    write_three(federation)
    bulk = federation.aldova.courier.start_round(federation.clock())
    assert hangs.wait(20)
    federation.aldova.write("bergenia", "urgent", Lane.URGENT)
    urgent = federation.aldova.courier.start_round(federation.clock())
    assert len(urgent) == 1  # the bulk lane is being served already
    assert arrived.wait(20)
    go_on.set()
    assert [task.result(20) for task in (*bulk, *urgent)] == [LETTERS, 1]


@pytest.mark.parametrize("how", ["suspended", "unknown", "no directory"])
def test_letters_to_a_member_that_may_not_have_them_wait(federation, how):
    words = write_three(federation)
    federation.aldova.held = {
        "suspended": directory(suspended="bergenia"),
        "unknown": directory("hub", "aldova"),
        "no directory": None,
    }[how]
    assert federation.aldova.deliver() == 0
    assert (federation.line.posts, federation.aldova.waiting()) == (0, {"bergenia": LETTERS})
    federation.aldova.held = directory(version=2)
    assert federation.aldova.deliver() == LETTERS
    assert federation.bergenia.applied == words


def test_a_refused_letter_waits_and_nothing_overtakes_it(federation):
    write_three(federation)
    federation.bergenia.refuses = Invalid("This cannot be applied.")
    assert federation.aldova.deliver() == 0
    assert federation.aldova.waiting() == {"bergenia": LETTERS}
    assert federation.line.posts == 1


def falsely(federation: Federation, change: Callable[[Acknowledgement], Acknowledgement]) -> None:
    """Bergenia applies the letter, and signs an acknowledgement of another."""

    def door(request: Request) -> Response:
        response = federation.bergenia.door(request)
        false = write_acknowledgement(change(read_acknowledgement(response.body)))
        plain = Response(status=200, headers={"content-type": "application/json"}, body=false)
        return signed_response(plain, request, station("bergenia").signer, federation.clock())

    federation.doors["bergenia"] = door


@pytest.mark.parametrize("change", [{"letter": "another"}, {"sequence": 2}])
def test_an_acknowledgement_of_another_letter_marks_nothing(federation, change):
    write_three(federation)
    falsely(federation, lambda taken: msgspec.structs.replace(taken, **change))
    assert federation.aldova.deliver() == 0
    assert federation.aldova.waiting() == {"bergenia": LETTERS}


def test_an_acknowledgement_that_corvia_signed_marks_nothing(federation):
    write_three(federation)

    def door(request: Request) -> Response:
        taken = federation.bergenia.door(request)
        plain = Response(status=200, headers={"content-type": "application/json"}, body=taken.body)
        return signed_response(plain, request, station("corvia").signer, federation.clock())

    federation.doors["bergenia"] = door
    assert federation.aldova.deliver() == 0
    assert federation.aldova.waiting() == {"bergenia": LETTERS}


def failures(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the courier writes down as the reason of each failure."""
    told: list[str] = []
    kept = bureau.courier._failed
    monkeypatch.setattr(
        bureau.courier, "_failed", lambda letter, refusal: (told.append(str(refusal)), kept(letter, refusal))
    )
    return told


def test_a_recipient_restored_from_an_older_backup_is_noticed_and_nothing_is_lost(federation, new_store, monkeypatch):
    write_three(federation)
    federation.aldova.deliver()
    older = Bureau("bergenia", new_store("bergenia"), federation.clock, federation.line)
    federation.doors["bergenia"] = older.door
    federation.aldova.write("bergenia", "letter 3")
    told = failures(federation.aldova, monkeypatch)
    assert federation.aldova.deliver() == 0
    assert "bergenia expects letter 1 in its bulk lane, this is 4: it lacks letters" in told[0]
    assert federation.aldova.waiting() == {"bergenia": 1}
    federation.aldova.write("bergenia", "urgent", Lane.URGENT)
    assert federation.aldova.deliver() == 1  # the other lane goes on
    older.courier.close()
    older.store.close()


def test_a_sender_restored_from_an_older_backup_is_noticed_and_nothing_is_lost(federation, new_store, monkeypatch):
    write_three(federation)
    federation.aldova.deliver()
    older = Bureau("aldova", new_store("aldova"), federation.clock, federation.line)
    older.write("bergenia", "a new letter under an old number")
    told = failures(older, monkeypatch)
    assert older.deliver() == 0
    assert "bergenia expects letter 4 in its bulk lane, this is 1: it has letters after it" in told[0]
    assert older.waiting() == {"bergenia": 1}
    assert len(federation.bergenia.applied) == LETTERS
    older.courier.close()
    older.store.close()


def test_a_letter_given_up_does_not_stop_those_behind_it(federation):
    federation.aldova.write("bergenia", "too late")
    federation.clock.go_on(timedelta(days=limits.LETTER_DAYS_MAX - 1).total_seconds())
    federation.aldova.held = federation.bergenia.held = directory(issued_at=federation.clock())
    federation.aldova.write("bergenia", "in time")
    federation.clock.go_on(timedelta(days=1, seconds=1).total_seconds())
    with federation.aldova.store.transaction() as tx:
        assert [said(letter) for letter in tx.outbox.expire(federation.clock())] == ["too late"]
        tx.commit()
    assert federation.aldova.deliver() == 2  # the void one in its place, then the other
    assert federation.bergenia.applied[-1:] == ["in time"]


def test_after_closing_no_letter_is_begun(federation):
    write_three(federation)
    federation.aldova.courier.close()
    assert federation.aldova.deliver() == 0
    assert federation.line.posts == 0
