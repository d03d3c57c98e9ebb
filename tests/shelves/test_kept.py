"""The shelf of kept questions: found by key, gone with their day, each record compared once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from comity.domain.caller import Asker, Role
from comity.domain.kept import Kept, Late
from comity.domain.lookup import DocumentQuery, Finding, PersonQuery, Query, Question, VehicleQuery
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.retrieval import keys_of
from comity.matching.meeting import keys_of as keys
from comity.storage.database import Database
from comity.storage.kept import KeptQuestions
from tests.shelves.samples import NOW, TODAY, document, person, record, vehicle

PASSPORT = DocumentQuery(country="XBE", number="B123456")


def question(query: Query = PASSPORT, number: int = 1, bureau: str = "aldova", officer: str = "ada") -> Question:
    asker = Asker(bureau=bureau, country="XA", unit="north", officer=officer, roles=(Role.OFFICER,))
    return Question(
        id=f"question-{number}", query=query, purpose=Purpose.BORDER_CONTROL, case="T-1", asker=asker, asked_at=NOW
    )


def kept(query: Query = PASSPORT, number: int = 1, days: int = 1, watch: bool = False, **asker: str) -> Kept:
    return Kept(question=question(query, number, **asker), until=TODAY + timedelta(days=days), watch=watch)


def sharing(shelf: KeptQuestions, store: Database, subject: object, today: date = TODAY) -> list[str]:
    """Questions that a record of that subject may answer; the record lies in its box as on the real way."""
    with store.transaction() as tx:
        one = record(subject)  # type: ignore[arg-type]
        tx.records.put([one])
        held = tx.records.get(one.header.id, TODAY)
        assert held is not None
        met = tx.kept.sharing({one.header.id: keys_of(held, tx.kept.any_near())}, today)
        return [found.question.id for found, _ in met.get(one.header.id, [])]


@pytest.mark.parametrize(
    ("query", "subject", "other"),
    [
        (PASSPORT, document("B 123-456"), document("B654321")),
        (DocumentQuery(country="XBE", number="B1234S6"), document("B123456"), document("C123456")),  # looks alike
        (DocumentQuery(country="XBE", number="B123465", near=True), document("B123456"), document("C123456")),
        (VehicleQuery(plate="BE 12", plate_country="XB"), vehicle(plate="BE12", plate_country="XB"), vehicle(vin="X1")),
        (VehicleQuery(vin="1M8GDM9AXKP042788"), vehicle(vin="1M8GDM9AXKP042788"), vehicle(vin="1M8GDM9AXKP042789")),
        (PersonQuery(name="Radomila Vetrova"), person("Vetrova Radomila"), person("Otto Quast")),
    ],
)
def test_a_question_is_found_by_the_record_that_may_answer_it(
    store: Database, query: Query, subject: object, other: object
):
    with store.transaction() as tx:
        tx.kept.keep(kept(query))
        tx.commit()
        shelf = tx.kept
    assert sharing(shelf, store, subject) == ["question-1"]
    assert sharing(shelf, store, other) == []
    assert sharing(shelf, store, subject, TODAY + timedelta(days=2)) == []


def test_a_question_is_kept_as_it_was_and_found_by_its_id(store: Database):
    one = kept(watch=True)
    with store.transaction() as tx:
        tx.kept.keep(one)
        assert tx.kept.get("question-1", TODAY) == one
        assert tx.kept.get("question-1", TODAY + timedelta(days=2)) is None
        assert tx.kept.get("question-2", TODAY) is None


def test_a_question_that_is_kept_again_is_kept_longer_and_once(store: Database):
    with store.transaction() as tx:
        tx.kept.keep(kept())
        tx.kept.keep(kept(days=9, watch=True))
        assert tx.kept.get("question-1", TODAY + timedelta(days=9)) is not None
        met = tx.kept.sharing({"r": keys(document("B123456"), False)}, TODAY)
        assert [one.watch for one, _ in met["r"]] == [True]


def test_of_many_records_each_meets_its_own_questions_those_with_most_in_common_first(store: Database):
    full, only = PersonQuery(name="Radomila Vetrova", birth="1980-04-05"), PersonQuery(name="R Vetrova")
    with store.transaction() as tx:
        tx.kept.keep_all([kept(only, 1), kept(full, 2), kept(PASSPORT, 3)])
        come = {"a": person("Vetrova Radomila"), "b": document("B123456"), "c": person("Otto Quast")}
        met = tx.kept.sharing({one: keys(subject, False) for one, subject in come.items()}, TODAY)
    ids = {one: [kept.question.id for kept, _ in some] for one, some in met.items()}
    assert ids == {"a": ["question-2", "question-1"], "b": ["question-3"]}


def test_keys_that_another_release_made_are_made_anew_and_no_others(store: Database, monkeypatch: pytest.MonkeyPatch):
    with store.transaction() as tx:
        tx.kept.keep_all([kept(number=number) for number in range(3)])
        assert tx.kept.rekey(9) == 0
        tx.kept._connection.execute(text("DELETE FROM kept_keys WHERE question <> 1"))
        assert [tx.kept.rekey(1), tx.kept.rekey(9), tx.kept.rekey(9)] == [1, 1, 0]
        tx.commit()
        shelf = tx.kept
    assert len(sharing(shelf, store, document("B123456"))) == 3


def test_a_question_goes_with_its_keys(store: Database):
    with store.transaction() as tx:
        tx.kept.keep(kept())
        tx.kept.keep(kept(number=2, days=3))
        assert tx.kept.expire(TODAY + timedelta(days=2)) == 1
        assert tx.kept.forget("question-2")
        assert not tx.kept.forget("question-2")
        connection = tx.kept._connection
        assert connection.execute(text("SELECT count(*) FROM kept_keys")).scalar() == 0


def test_watches_are_those_of_one_officer_here(store: Database):
    with store.transaction() as tx:
        for number, (bureau, officer, watch) in enumerate(
            [("bergenia", "ben", True), ("bergenia", "ben", False), ("bergenia", "sara", True), ("aldova", "ben", True)]
        ):
            tx.kept.keep(kept(number=number, watch=watch, bureau=bureau, officer=officer))
        assert [one.question.id for one in tx.kept.watches("ben", TODAY)] == ["question-0"]
        assert tx.kept.watches("ben", TODAY + timedelta(days=2)) == []
        assert (tx.kept.watched_for("aldova"), tx.kept.watched_for("bergenia")) == (1, 2)


def test_records_are_noted_in_order_and_once_where_somebody_waits_for_their_kind(store: Database):
    with store.transaction() as tx:
        tx.kept.note(["a"], "document")
        assert tx.kept.noted(9) == []
        tx.kept.keep(kept())
        tx.kept.note(["p"], "person")
        tx.kept.note(["b", "a", "b"], "document")
        tx.kept.note(["b"], "document")
        assert tx.kept.noted(9) == [(2, "a"), (3, "b")]
        assert tx.kept.noted(1) == [(2, "a")]


def test_one_that_was_put_again_since_it_was_read_is_compared_again(store: Database):
    with store.transaction() as tx:
        tx.kept.keep(kept())
        tx.kept.note(["a", "b"], "document")
        read = tx.kept.noted(9)
        tx.kept.note(["a"], "document")
        tx.kept.struck([number for number, _ in read])
        assert [one for _, one in tx.kept.noted(9)] == ["a"]


def test_what_is_not_committed_is_compared_again(store: Database):
    """A kill between telling and committing."""
    with store.transaction() as tx:
        tx.kept.keep(kept())
        tx.kept.note(["a"], "document")
        tx.commit()
    with store.transaction() as tx:
        tx.kept.struck([1])
    with store.reading() as tx:
        assert tx.kept.noted(9) == [(1, "a")]


def test_keys_are_looked_up_not_gone_through(store: Database):
    with store.transaction() as tx:
        connection = tx.kept._connection
        if connection.dialect.name != "sqlite":
            pytest.skip("SQLite tells in few words how it looks")
        asked = "SELECT question, count(*) FROM kept_keys WHERE key IN (1, 2) GROUP BY question"
        plan = [row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]
    assert any(step.startswith("SEARCH kept_keys USING PRIMARY KEY") for step in plan), plan


def late(hit: str, days: int = 1, at: int = 0) -> Late:
    return Late(
        hit=hit,
        question=question(),
        source="hub",
        category="travel-documents",
        told_at=NOW + timedelta(minutes=at),
        keep_until=TODAY + timedelta(days=days),
    )


FOUND = Finding(hit="hit-1", owner="bergenia", contact="duty desk", category="travel-documents", level=ReplyLevel.HIT)


def test_what_was_found_late_waits_for_its_unit_until_its_day(store: Database):
    with store.transaction() as tx:
        tx.kept.file(late("hit-1"), FOUND)
        tx.kept.file(late("hit-2", days=5, at=1), FOUND)
        assert [one.hit for one, _ in tx.kept.filed("north", TODAY, 9)] == ["hit-2", "hit-1"]
        assert [one.hit for one, _ in tx.kept.filed("north", TODAY, 1)] == ["hit-2"]
        assert tx.kept.filed("south", TODAY, 9) == []
        assert [one.hit for one, _ in tx.kept.filed("north", TODAY + timedelta(days=2), 9)] == ["hit-2"]
        assert tx.kept.expire(TODAY + timedelta(days=2)) == 1
        tx.kept.unfile("hit-2")
        assert tx.kept.filed("north", TODAY, 9) == []


def test_what_was_found_leaves_the_shelf_in_its_box(store: Database):
    with store.transaction() as tx:
        tx.kept.file(late("hit-1"), FOUND)
        [(_, held)] = tx.kept.filed("north", TODAY, 9)
    assert repr(held) == "Held(shut)"
