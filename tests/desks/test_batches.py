"""A list is looked up line by line: each lookup lawful and written down, nothing lost, nothing kept without need."""

import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from comity.desks.batches import Batches
from comity.desks.lookups import Asked
from comity.domain import limits
from comity.domain.batch import Batch, BatchRequest, ListLine, QueueEntry, QueueState, Silence
from comity.domain.caller import Role
from comity.domain.circumstances import StatedOffence
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.hit import HitState, Priority, Side
from comity.domain.journal import Act, Entry
from comity.domain.letter import ConfirmationAnswer, ConfirmationReply
from comity.domain.lookup import DocumentQuery, LookupRequest, PersonQuery, Query, Question, SourceAnswer, VehicleQuery
from comity.domain.purpose import Purpose
from comity.domain.record import WithdrawalReason
from comity.domain.reply import ReplyLevel
from comity.domain.stated import Stated
from comity.matching.meeting import keys_asked
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import as_, changed, hit_at, send
from tests.federation.conftest import STOLEN, STRANGER, UNKNOWN, WANTED, row, stolen_passport

REQUEST = BatchRequest(
    file_digest="a" * 64, file_name="flight.csv", purpose=Purpose.BORDER_CONTROL, case="XA-101", again=False
)
FLIGHT = ((STOLEN,), (UNKNOWN,), (STRANGER, UNKNOWN), (WANTED,))


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not cut a list short."""
    monkeypatch.setattr(limits, "BATCH_WORKS_SECONDS_MAX", 600.0)


def lines(*queries: Sequence[Query], first: int = 2) -> list[ListLine]:
    return [
        ListLine(line=number, label=f"seat {number}", queries=tuple(all_)) for number, all_ in enumerate(queries, first)
    ]


def desk(federation: Federation) -> Batches:
    return federation[ALDOVA].batches


def screened(federation: Federation, *queries: Sequence[Query], **changes: object) -> Batch:
    ada = federation.cast["ada"]
    begun = desk(federation).begin(changed(REQUEST, **changes), ada)
    return desk(federation).screen(begun.id, lines(*(queries or FLIGHT)), True, ada)


def queue(
    federation: Federation, batch: Batch, state: QueueState | None = QueueState.OPEN, login: str = "ada"
) -> list[QueueEntry]:
    return list(desk(federation).queue(batch.id, state, 0, federation.cast[login]).entries)


def acts(federation: Federation, node: str) -> list[Act]:
    return [one.act for one in federation.journal(node)]


def about(federation: Federation, node: str, subject: str) -> list[Entry]:
    return [one for one in federation.journal(node) if one.subject == subject]


def test_every_line_is_looked_up_at_every_source_that_a_lookup_would_ask(federation: Federation):
    batch = screened(federation)
    assert (batch.lines, batch.questions, batch.refused, batch.next_line) == (4, 5, 0, 6)
    assert batch.finished_at
    assert {name: (one.hit, one.no_record) for name, one in batch.sources.items()} == {
        ALDOVA: (0, 5),
        HUB: (1, 4),
        BERGENIA: (2, 3),
        CORVIA: (0, 0),  # refused, by the law between the two
    }
    assert batch.sources[CORVIA].refused == 2


def test_what_was_found_waits_in_order_of_probability(federation: Federation):
    batch = screened(federation)
    entries = queue(federation, batch)
    assert [(one.queued.line, one.queued.label, one.queued.told_by) for one in entries] == [
        (2, "seat 2", (HUB, BERGENIA)),
        (5, "seat 5", (BERGENIA,)),
    ]
    assert [one.queued.probability for one in entries] == sorted(
        (one.queued.probability for one in entries), reverse=True
    )
    assert batch.found == 2


def test_each_lookup_stands_in_the_journals_of_both_sides(federation: Federation):
    screened(federation)
    here, hub = acts(federation, ALDOVA), acts(federation, HUB)
    assert (here.count(Act.LOOKUP_ASKED), here.count(Act.LOOKUP_SHOWN)) == (5, 5)
    assert hub.count(Act.LOOKUP_ANSWERED) == 5
    asked = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED]
    assert {(one.purpose, one.case) for one in asked} == {("border-control", "XA-101")}
    shown = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_SHOWN]
    assert all(any(one.startswith("hub hub/disclosures ") for one in entry.details["receipts"]) for entry in shown)


def test_a_hundred_questions_are_one_request_to_a_source(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    # However slow the machine: how many go at once depends on how long the last ones took.
    for desk in ("batches", "answering"):
        monkeypatch.setattr(f"comity.desks.{desk}.time", SimpleNamespace(perf_counter=lambda: 0.0))
    monkeypatch.setattr("comity.desks.answering.seconds_since", lambda started: 0.0)
    federation.line.counts = "/federation/v1/question"
    screened(federation, *[(changed(UNKNOWN, number=f"B{number:07d}"),) for number in range(150)])
    assert federation.line.posts == 4  # two to the hub, two to the issuer


def test_questions_that_take_long_are_looked_up_a_few_at_a_time(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    """A hundred persons at once might take longer than whoever sent them waits."""
    asked, lookups, clock = list[int](), federation[ALDOVA].lookups, itertools.count()
    of_old = lookups.ask_many

    def slowly(requests: Sequence[LookupRequest], *more: Any) -> list[Asked]:
        asked.append(len(requests))
        return of_old(requests, *more)

    monkeypatch.setattr(lookups, "ask_many", slowly)
    two_seconds_each = SimpleNamespace(perf_counter=lambda: 2.0 * next(clock))
    monkeypatch.setattr("comity.desks.batches.time", two_seconds_each)
    screened(federation, *[(changed(WANTED, name=f"Nobody {number}"),) for number in range(30)])
    assert asked[:3] == [10, 5, 2]


def test_an_older_node_is_asked_one_by_one(federation: Federation):
    del federation[HUB].federation_door.routes["POST", "/federation/v1/question-batches"]
    batch = screened(federation)
    assert (batch.sources[HUB].hit, batch.sources[HUB].no_record, batch.sources[HUB].silent) == (1, 4, 0)


def test_a_node_that_knows_no_near_numbers_is_asked_one_by_one_and_that_is_said(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    hub = federation[HUB].answering
    one_by_one = hub.answer

    def all_refused(*_: Any) -> list[SourceAnswer]:
        raise Invalid("Object contains unknown field `near`")

    def refused(asked: Question, *more: Any) -> SourceAnswer:
        if asked.query.near:
            all_refused()
        return one_by_one(asked, *more)

    monkeypatch.setattr(hub, "answer_many", all_refused)
    monkeypatch.setattr(hub, "answer", refused)
    batch = screened(federation, (changed(STOLEN, near=True),), (changed(UNKNOWN, near=True),))
    assert (batch.sources[HUB].hit, batch.sources[HUB].no_record, batch.sources[HUB].refused) == (1, 1, 0)
    assert batch.sources[HUB].why


def test_the_owner_is_alerted_though_nobody_has_looked_yet(federation: Federation):
    batch = screened(federation)
    federation.post()
    for entry in queue(federation, batch):
        hit = hit_at(federation, BERGENIA, entry.queued.id)
        assert (hit.side, hit.asker, hit.state) == (Side.OWNER, ALDOVA, HitState.OPEN)
        assert hit_at(federation, ALDOVA, entry.queued.id) is None


# -- the queue --------------------------------------------------------------------------------------------------------


def test_an_entry_that_is_taken_up_becomes_an_ordinary_hit(federation: Federation):
    batch = screened(federation)
    federation.post()
    entry, ada = queue(federation, batch)[0], federation.cast["ada"]
    hit = desk(federation).take_up(entry.queued.id, ada)
    assert hit_at(federation, ALDOVA, hit.id) == hit
    federation[ALDOVA].hits.request(hit.id, Priority.URGENT, "", ada)
    federation.post()
    federation[BERGENIA].hits.confirm(hit.id, "", federation.cast["ben"])
    federation.post()
    assert hit_at(federation, ALDOVA, hit.id).state is HitState.CONFIRMED
    assert [one.queued.state for one in queue(federation, batch, None)] == [QueueState.TAKEN_UP, QueueState.OPEN]
    [decided] = about(federation, ALDOVA, hit.id)[:1]
    assert (decided.act, decided.outcome, decided.details["line"]) == (Act.BATCH_DECIDED, "taken-up", 2)


def test_an_entry_is_dismissed_with_a_reason_and_once(federation: Federation):
    batch = screened(federation)
    entry, ada = queue(federation, batch)[0].queued, federation.cast["ada"]
    with pytest.raises(Invalid, match="reason"):
        desk(federation).dismiss(entry.id, " ", ada)
    desk(federation).dismiss(entry.id, "another holder", ada)
    with pytest.raises(Conflict, match="dismissed"):
        desk(federation).take_up(entry.id, federation.cast["dora"])
    assert len(queue(federation, batch)) == 1
    [decided] = about(federation, ALDOVA, entry.id)
    assert (decided.outcome, decided.details["reason"]) == ("dismissed", "another holder")


def test_team_mates_see_the_queue_as_far_as_their_own_roles_let_them(federation: Federation):
    batch = screened(federation)
    assert [one.finding.level for one in queue(federation, batch)] == [ReplyLevel.FULL, ReplyLevel.CORE]
    assert len(queue(federation, batch, login="dora")) == 2
    watcher = changed(federation.cast["dora"], roles=frozenset({Role.OFFICER, Role.AUDITOR}))
    assert desk(federation).queue(batch.id, None, 0, watcher).entries == ()
    with pytest.raises(Missing):
        desk(federation).take_up(queue(federation, batch)[0].queued.id, watcher)


def test_nobody_of_another_unit_sees_a_batch(federation: Federation):
    batch = screened(federation)
    stranger = changed(federation.cast["dora"], unit="elsewhere")
    entry = queue(federation, batch)[0].queued.id
    for act in (
        lambda: desk(federation).status(batch.id, stranger),
        lambda: desk(federation).queue(batch.id, None, 0, stranger),
        lambda: desk(federation).export(batch.id, 0, stranger),
        lambda: desk(federation).refused(batch.id, stranger),
        lambda: desk(federation).silences(batch.id, stranger),
        lambda: desk(federation).dismiss(entry, "no", stranger),
        lambda: desk(federation).take_up(entry, stranger),
        lambda: desk(federation).erase(batch.id, stranger),
    ):
        with pytest.raises(Missing):
            act()
    assert desk(federation).every(stranger) == []


def test_only_whoever_began_a_batch_goes_on_with_it(federation: Federation):
    begun = desk(federation).begin(REQUEST, federation.cast["ada"])
    with pytest.raises(Missing):
        desk(federation).screen(begun.id, lines(*FLIGHT), True, federation.cast["dora"])


def test_pages_of_a_queue_follow_one_another(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    batch = screened(federation)
    monkeypatch.setattr(limits, "QUEUE_ENTRIES_PER_PAGE_MAX", 1)
    first = desk(federation).queue(batch.id, None, 0, federation.cast["ada"])
    second = desk(federation).queue(batch.id, None, first.after, federation.cast["ada"])
    assert [one.queued.line for one in (*first.entries, *second.entries)] == [2, 5]


def test_an_export_is_written_down_once(federation: Federation):
    batch, ada = screened(federation), federation.cast["ada"]
    page = desk(federation).export(batch.id, 0, ada)
    desk(federation).export(batch.id, 1, ada)
    assert len(page.entries) == 2
    assert acts(federation, ALDOVA).count(Act.BATCH_EXPORTED) == 1


@pytest.mark.parametrize("taken_up", [False, True])
def test_what_the_owner_takes_back_is_gone_from_the_queue(federation: Federation, taken_up: bool):
    batch = screened(federation)
    entry = queue(federation, batch)[0].queued
    if taken_up:
        desk(federation).take_up(entry.id, federation.cast["ada"])
    federation.post()
    operator = federation[BERGENIA].operator("test")
    federation[BERGENIA].records.withdraw("sltd", "D-1", "", WithdrawalReason.RECOVERED, operator)
    federation.post()
    [gone] = [one for one in queue(federation, batch, None) if one.queued.id == entry.id]
    assert gone.finding is None
    assert gone.queued.state is (QueueState.TAKEN_UP if taken_up else QueueState.GONE)


def test_only_the_owners_word_takes_an_entry_away(federation: Federation):
    batch = screened(federation)
    entry = queue(federation, batch)[0].queued
    federation.post()
    send(federation, CORVIA, ALDOVA, ConfirmationAnswer(hit=entry.id, reply=ConfirmationReply.DENIED))
    assert len(queue(federation, batch)) == 2


def test_an_own_record_that_is_withdrawn_is_gone_from_the_queue(federation: Federation):
    federation.enter(ALDOVA, "sltd", [row("A-1", changed(stolen_passport("A7"), country="XAL"))])
    batch = screened(federation, (DocumentQuery(country="XAL", number="A7"),))
    assert [one.queued.hit.owner for one in queue(federation, batch)] == [ALDOVA]
    operator = federation[ALDOVA].operator("test")
    federation[ALDOVA].records.withdraw("sltd", "A-1", "", WithdrawalReason.RECOVERED, operator)
    assert [one.finding for one in queue(federation, batch, QueueState.GONE)] == [None]


# -- what cannot be asked ---------------------------------------------------------------------------------------------


def test_a_line_that_cannot_be_asked_is_told_with_its_number_and_the_others_go_on(federation: Federation):
    ada = federation.cast["ada"]
    begun = desk(federation).begin(REQUEST, ada)
    listed = [
        ListLine(line=2, refused="birth: '31.02.1980' is no date."),
        ListLine(line=3, queries=(STOLEN,), refused="person: the name is missing."),
    ]
    batch = desk(federation).screen(begun.id, listed, True, ada)
    assert (batch.lines, batch.questions, batch.refused, batch.found) == (2, 1, 2, 1)
    assert [one.line for one in desk(federation).refused(batch.id, ada)] == [2, 3]


def test_what_our_own_rules_forbid_is_refused_line_by_line_with_the_clause(federation: Federation):
    batch = screened(federation, (STOLEN,), (WANTED,), purpose=Purpose.ANALYSIS)
    [refused] = desk(federation).refused(batch.id, federation.cast["ada"])
    assert refused.line == 2
    assert refused.reason.startswith("organisation ")
    assert batch.questions == 1
    assert acts(federation, ALDOVA).count(Act.LOOKUP_REFUSED) == 1


def test_a_source_that_the_law_keeps_silent_is_counted_with_its_reason(federation: Federation):
    batch = screened(federation, (WANTED,))
    refused = batch.sources[CORVIA]
    assert refused.refused == 1
    assert refused.why


@pytest.mark.parametrize("roles", [{Role.ADMINISTRATOR}, {Role.AUDITOR}])
def test_only_officers_look_lists_up(federation: Federation, roles: set[Role]):
    caller = as_(roles)
    for act in (
        lambda: desk(federation).begin(REQUEST, caller),
        lambda: desk(federation).screen("batch", [], True, caller),
        lambda: desk(federation).ask_again("batch", [], caller),
        lambda: desk(federation).every(caller),
        lambda: desk(federation).queue("batch", None, 0, caller),
        lambda: desk(federation).take_up("entry", caller),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_system_names_its_officer_once_for_the_whole_list(federation: Federation):
    system = changed(as_({Role.SYSTEM}), on_behalf_of="")
    with pytest.raises(Invalid, match="name the officer"):
        desk(federation).begin(REQUEST, system)
    begun = desk(federation).begin(changed(REQUEST, on_behalf_of="officer-17"), system)
    batch = desk(federation).screen(begun.id, lines((STOLEN,)), True, system)
    asked = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED]
    assert [one.details["on_behalf_of"] for one in asked] == ["officer-17"]
    assert len(desk(federation).queue(batch.id, None, 0, system).entries) == 1
    with pytest.raises(Conflict, match="another officer"):
        desk(federation).screen(begun.id, lines((STOLEN,)), True, changed(system, on_behalf_of="officer-18"))


# -- interruptions ----------------------------------------------------------------------------------------------------


def test_the_same_list_is_the_same_batch_and_goes_on_where_it_was(federation: Federation):
    ada, all_ = federation.cast["ada"], lines(*FLIGHT)
    begun = desk(federation).begin(REQUEST, ada)
    desk(federation).screen(begun.id, all_[:2], False, ada)
    again = desk(federation).begin(REQUEST, ada)
    assert (again.id, again.next_line, again.finished_at) == (begun.id, 4, None)
    done = desk(federation).screen(begun.id, all_, True, ada)
    assert (done.lines, done.questions, done.found) == (4, 5, 2)
    assert acts(federation, ALDOVA).count(Act.LOOKUP_ASKED) == 5


def test_another_purpose_case_or_officer_is_another_batch(federation: Federation):
    ids = {
        desk(federation).begin(changed(REQUEST, **changes), federation.cast[login]).id
        for login, changes in (
            ("ada", {}),
            ("dora", {}),
            ("ada", {"case": "XA-102"}),
            ("ada", {"purpose": Purpose.LOCATE}),
            ("ada", {"file_digest": "b" * 64}),
        )
    }
    assert len(ids) == 5


def test_a_list_is_screened_anew_only_where_that_is_asked_for(federation: Federation):
    done, ada = screened(federation), federation.cast["ada"]
    assert desk(federation).begin(REQUEST, ada) == done
    anew = desk(federation).begin(changed(REQUEST, again=True), ada)
    assert (anew.id != done.id, anew.next_line) == (True, 1)
    assert desk(federation).begin(REQUEST, ada) == anew  # and that one is gone on with
    assert desk(federation).begin(changed(REQUEST, again=True), ada) == anew


def test_two_who_screen_one_list_do_not_set_each_other_back(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    ada, all_ = federation.cast["ada"], lines(*FLIGHT)
    begun = desk(federation).begin(REQUEST, ada)
    ask_many = federation[ALDOVA].lookups.ask_many
    other = Batches(
        federation[ALDOVA].store, federation[ALDOVA].lookups, federation[ALDOVA].agreements.law, federation.time
    )

    def while_the_other_was_quicker(*given: object) -> object:
        monkeypatch.setattr(federation[ALDOVA].lookups, "ask_many", ask_many)
        other.screen(begun.id, all_[:3], False, ada)
        return ask_many(*given)

    monkeypatch.setattr(federation[ALDOVA].lookups, "ask_many", while_the_other_was_quicker)
    with pytest.raises(Conflict, match="going on elsewhere"):
        desk(federation).screen(begun.id, all_, True, ada)
    assert desk(federation).begin(REQUEST, ada).next_line == 5


def test_what_was_asked_and_never_filed_is_asked_again_and_stands_twice(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    """As after a kill between the two transactions."""
    ada = federation.cast["ada"]
    begun = desk(federation).begin(REQUEST, ada)
    filed = Batches._filed

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Batches, "_filed", killed)
    with pytest.raises(KeyboardInterrupt):
        desk(federation).screen(begun.id, lines(*FLIGHT), True, ada)
    assert desk(federation).begin(REQUEST, ada).next_line == 1
    monkeypatch.setattr(Batches, "_filed", filed)
    done = desk(federation).screen(begun.id, lines(*FLIGHT), True, ada)
    here = acts(federation, ALDOVA)
    assert (here.count(Act.LOOKUP_ASKED), here.count(Act.LOOKUP_SHOWN)) == (10, 5)
    assert (done.questions, len(queue(federation, done))) == (5, 2)


def test_lines_out_of_order_are_refused(federation: Federation):
    ada = federation.cast["ada"]
    begun = desk(federation).begin(REQUEST, ada)
    with pytest.raises(Invalid, match="order"):
        desk(federation).screen(begun.id, list(reversed(lines(*FLIGHT))), True, ada)


def test_as_many_lines_as_fit_in_time_are_looked_up(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    ada = federation.cast["ada"]
    monkeypatch.setattr(limits, "QUESTIONS_PER_BATCH_MAX", 2)
    monkeypatch.setattr(limits, "BATCH_WORKS_SECONDS_MAX", 0.0)
    begun = desk(federation).begin(REQUEST, ada)
    with federation[ALDOVA].store.reading():
        came_to = desk(federation).screen(begun.id, lines(*FLIGHT), True, ada)
    assert (came_to.finished_at, came_to.next_line < 6) == (None, True)


# -- silence ----------------------------------------------------------------------------------------------------------


def test_a_silent_source_is_noted_line_by_line_and_asked_again_alone(federation: Federation):
    ada = federation.cast["ada"]
    federation.line.out_of_reach = {HUB}
    batch = screened(federation)
    assert (batch.sources[HUB].silent, batch.sources[HUB].hit) == (5, 0)
    assert desk(federation).silences(batch.id, ada) == [
        Silence(2, "document", HUB),
        Silence(3, "document", HUB),
        Silence(4, "document", HUB),
        Silence(4, "person", HUB),
        Silence(5, "person", HUB),
    ]
    federation.line.out_of_reach = set()
    federation[ALDOVA].elsewhere.resting.clear()
    answered = acts(federation, BERGENIA).count(Act.LOOKUP_ANSWERED)
    heard = desk(federation).ask_again(batch.id, lines(*FLIGHT), ada)
    assert (heard.sources[HUB].silent, heard.sources[HUB].hit, heard.sources[HUB].no_record) == (0, 1, 4)
    assert desk(federation).silences(batch.id, ada) == []
    assert (heard.found, len(queue(federation, heard))) == (2, 2)  # what Bergenia told of is not queued again
    assert acts(federation, BERGENIA).count(Act.LOOKUP_ANSWERED) == answered
    assert desk(federation).ask_again(batch.id, lines(*FLIGHT), ada) == heard


def test_a_source_that_is_too_slow_is_silent(federation: Federation):
    federation[ALDOVA].elsewhere.answer_many_within_seconds = 0.0
    batch = screened(federation)
    assert (batch.sources[HUB].silent, batch.sources[HUB].no_record) == (5, 0)
    assert "No answer within" in batch.sources[HUB].why


def test_a_silent_source_rests_before_it_is_asked_for_the_next_lines(federation: Federation):
    federation.line.out_of_reach = {HUB}
    federation.line.counts = "/federation/v1/question"
    screened(federation, *[(changed(UNKNOWN, number=f"B{number:07d}"),) for number in range(250)])
    assert federation.line.posts == 4  # one to the hub, three to the issuer


def test_too_many_silent_lines_at_once_are_refused(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    federation.line.out_of_reach = {HUB}
    batch = screened(federation)
    monkeypatch.setattr(limits, "QUESTIONS_PER_BATCH_MAX", 4)
    with pytest.raises(TooLarge):
        desk(federation).ask_again(batch.id, lines(*FLIGHT), federation.cast["ada"])


# -- the end ----------------------------------------------------------------------------------------------------------


def test_a_batch_is_erased_after_its_day_and_before_on_request(federation: Federation):
    batch, other = screened(federation), screened(federation, case="XA-102")
    kept = desk(federation).take_up(queue(federation, other)[0].queued.id, federation.cast["ada"])
    desk(federation).erase(other.id, federation.cast["dora"])
    federation.time.pass_by(days=2)
    assert desk(federation).every(federation.cast["ada"]) == []
    with pytest.raises(Missing):
        desk(federation).status(batch.id, federation.cast["ada"])
    assert desk(federation).expire() == 1
    assert desk(federation).expire() == 0
    ends = [(one.subject, one.outcome) for one in federation.journal(ALDOVA) if one.act is Act.BATCH_ERASED]
    assert ends == [(other.id, ""), (batch.id, "expired")]
    assert hit_at(federation, ALDOVA, kept.id) == kept
    with federation[ALDOVA].store.reading() as tx:
        assert tx.batches.get(batch.id) is None
        assert tx.batches.queued(batch.id, None, 0, 10) == []


def test_the_list_itself_is_not_kept(federation: Federation):
    """Of a line that nothing was found on, only the question is kept, as of every lookup, and no longer."""
    nobody = PersonQuery(name="Quirin Zabelthau", birth="1999-12-31")
    screened(federation, (nobody,), (VehicleQuery(plate="QZ 1", plate_country="XB"),))
    federation.time.pass_by(days=2)
    federation[ALDOVA].late.expire()
    desk(federation).expire()
    with federation[ALDOVA].store.reading() as tx:
        assert tx.kept.sharing({"any": keys_asked(nobody)}, federation.time().date()) == {}
    tables = _tables(federation)
    for name in ("batches", "queued_findings", "batch_refusals", "batch_silences", "kept_questions", "kept_keys"):
        assert tables[name] == 0, name


def _tables(federation: Federation) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{federation[ALDOVA].folder / 'comity.sqlite3'}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_what_is_stated_of_a_list_is_stated_of_each_of_its_questions(federation: Federation):
    stated = Stated(necessity="A child may be aboard.")
    batch = screened(federation, (STOLEN,), (UNKNOWN,), offence=StatedOffence(code="kidnapping"), stated=stated)
    asked = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED]
    assert [(one.details["stated"], one.details["offence"]) for one in asked] == [
        ('{"necessity":"A child may be aboard."}', '{"code":"kidnapping"}')
    ] * 2
    again = desk(federation).begin(changed(REQUEST, stated=stated), federation.cast["ada"])
    assert again.id != batch.id, "the same list, with something else stated, is another batch"
    with pytest.raises(Invalid, match="no code of an offence"):
        screened(federation, (STOLEN,), offence=StatedOffence(code="kidnaping"))
