"""A source's own records: whose they are, what is entered, and how they leave."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.importing import Import
from comity.domain.journal import Act
from comity.domain.letter import RecordsShare
from comity.domain.record import WithdrawalReason
from comity.formats.row import Row
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import row, stolen_passport, wanted_person

RECOVERED = WithdrawalReason.RECOVERED
NUMBERS = iter(range(10_000))


def begin(federation: Federation, node: str = BERGENIA, collection: str = "sltd", source: str = "") -> Import:
    operator = federation[node].operator("test")
    return federation[node].records.begin("a.jsonl", f"digest-{next(NUMBERS)}", collection, source, operator)


def passports(first: int, last: int) -> Iterator[Row]:
    for number in range(first, last + 1):
        yield row(f"R-{number}", stolen_passport(f"BX{number:06}"), line=number)


def test_who_may_do_what_with_records(standing: Federation):
    records, begun = standing[BERGENIA].records, begin(standing)
    enter = everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM, Role.ADMINISTRATOR, bureau=BERGENIA)
    withdraw = everyone_but(Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM, bureau=BERGENIA)
    see = as_([Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER], BERGENIA)
    for act in (
        lambda: records.begin("a", "d", "sltd", "", enter),
        lambda: records.enter(begun, [], enter),
        lambda: records.progress(begun.id, enter),
        lambda: records.restart(begun, enter),
        lambda: records.withdraw("sltd", "D-1", "", RECOVERED, withdraw),
        lambda: records.show("sltd", "D-1", "", see),
        lambda: list(records.export("sltd", "", see)),
    ):
        with pytest.raises(NotPermitted, match="Your roles"):
            act()


@pytest.mark.parametrize(
    ("node", "collection", "source", "kind"),
    [
        (BERGENIA, "sltd", ALDOVA, NotPermitted),
        (HUB, "sanctions", "", NotPermitted),
        (HUB, "sanctions", BERGENIA, NotPermitted),
        (HUB, "sltd", "un", Conflict),
        (BERGENIA, "sanctions", "", Conflict),
        (HUB, "sanctions", "No Slug", Invalid),
        (BERGENIA, "nothing", "", Invalid),
    ],
)
def test_a_source_acts_for_itself_and_a_hub_for_outside_bodies_alone(
    standing: Federation, node: str, collection: str, source: str, kind: type[Exception]
):
    records, operator = standing[node].records, standing[node].operator("test")
    for act in (
        lambda: begin(standing, node, collection, source),
        lambda: records.withdraw(collection, "D-1", source, RECOVERED, operator),
        lambda: records.show(collection, "D-1", source, operator),
        lambda: list(records.export(collection, source, operator)),
    ):
        with pytest.raises(kind):
            act()


def test_what_is_not_there_is_missing(standing: Federation):
    bergenia = standing[BERGENIA]
    with pytest.raises(Missing, match="no record 'D-7'"):
        bergenia.records.withdraw("sltd", "D-7", "", RECOVERED, bergenia.operator("test"))
    with pytest.raises(Missing, match="no import"):
        bergenia.records.progress("nothing", bergenia.operator("test"))


def test_two_who_read_in_one_file_do_not_set_each_other_back(federation: Federation):
    bergenia = federation[BERGENIA]
    operator, first = bergenia.operator("test"), begin(federation)
    bergenia.records.enter(first, passports(1, 3), operator)
    with pytest.raises(Conflict, match="going on elsewhere"):
        bergenia.records.enter(first, passports(1, 3), operator)
    with pytest.raises(Conflict, match="going on elsewhere"):
        bergenia.records.enter(first, [], operator)
    assert bergenia.records.progress(first.id, operator).stored == 3


def test_a_row_that_is_wrong_is_refused_with_its_reason(standing: Federation):
    bergenia = standing[BERGENIA]
    far = standing.time().date() + timedelta(days=366 * 111)
    rows = [
        Row(line=1, reference="A", refused="There is no date '2026-02-30'."),
        Row(line=2, reference="B"),
        msgspec.structs.replace(row("C", stolen_passport("BX1"), line=3), retain_until=far),
        msgspec.structs.replace(row("D", stolen_passport("BX2"), line=4), review_at=far),
        row("E", wanted_person(), line=5),
        Row(line=6, reference="F", skipped="A body, no person."),
    ]
    done = bergenia.records.enter(begin(standing), rows, bergenia.operator("test"))
    reasons = [one.reason for one in bergenia.records.refused_rows(done)]
    assert (done.stored, done.refused, done.skipped) == (0, 5, 1)
    for reason, told in zip(
        reasons, ("2026-02-30", "holds nothing", "later than the law allows", "review", "kind"), strict=True
    ):
        assert told in reason


def test_a_withdrawn_reference_is_refused_and_said_so(federation: Federation):
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("sltd", "D-1", "", RECOVERED, bergenia.operator("test"))
    done = bergenia.records.enter(begin(federation), [row("D-1", stolen_passport())], bergenia.operator("test"))
    (refused,) = bergenia.records.refused_rows(done)
    assert "was withdrawn" in refused.reason


def test_read_in_anew_a_file_shows_the_rows_that_are_refused_now(federation: Federation):
    bergenia = federation[BERGENIA]
    operator, begun = bergenia.operator("test"), begin(federation)
    bad = Row(line=1, reference="A", refused="It was wrong.")
    done = bergenia.records.enter(begun, [bad], operator)
    anew = bergenia.records.restart(done, operator)
    assert (anew.next_line, anew.refused, anew.finished_at) == (1, 0, None)
    assert bergenia.records.refused_rows(anew) == []
    again = bergenia.records.enter(anew, [bad], operator)
    assert len(bergenia.records.refused_rows(again)) == 1


def test_refused_rows_are_kept_up_to_a_limit_and_counted_beyond(standing: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "REFUSED_ROWS_KEPT_MAX", 3)
    monkeypatch.setattr(limits, "IMPORT_ROWS_PER_TRANSACTION", 2)
    bergenia = standing[BERGENIA]
    rows = [Row(line=line, reference="A", refused="Wrong.") for line in range(1, 6)]
    done = bergenia.records.enter(begin(standing), rows, bergenia.operator("test"))
    assert (done.refused, len(bergenia.records.refused_rows(done))) == (5, 3)


def test_what_is_shared_goes_in_letters_that_can_be_carried(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    """One too large would be refused for ever, and nothing after it would arrive."""
    long = msgspec.structs.replace(stolen_passport("BX000001"), note="ж" * limits.TEXT_CHARS_MAX)
    rows = [row(f"L-{n}", msgspec.structs.replace(long, number=f"BX{n:06}"), line=n) for n in range(1, 400)]
    federation.enter(BERGENIA, "sltd", rows)
    federation.post()
    with federation[HUB].store.reading() as tx:
        assert tx.records.count()["sltd"] == 400
    monkeypatch.setattr(limits, "RECORDS_PER_LETTER_MAX", 2)
    federation.enter(BERGENIA, "sltd", passports(1001, 1005))
    with federation[BERGENIA].store.reading() as tx:
        assert tx.outbox.depths() == {HUB: 3}
    federation.post()


def test_what_is_not_shared_and_what_has_not_changed_stays_here(federation: Federation):
    federation.enter(BERGENIA, "nominals", [row("P-2", wanted_person())])
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport())])
    bergenia = federation[BERGENIA]
    bergenia.records.withdraw("nominals", "P-2", "", RECOVERED, bergenia.operator("test"))
    assert federation.waiting() == {}
    federation.enter(HUB, "sanctions", [row("XXi.001", wanted_person())], source="un")
    hub = federation[HUB]
    hub.records.withdraw("sanctions", "XXi.001", "un", RECOVERED, hub.operator("test"))
    assert federation.waiting() == {}


def test_an_amended_record_is_shared_as_it_stands(federation: Federation):
    amended = msgspec.structs.replace(stolen_passport(), note="amended")
    federation.enter(BERGENIA, "sltd", [row("D-1", amended), row("D-2", stolen_passport("BX2"), line=2)])
    with federation[BERGENIA].store.reading() as tx:
        (lane,) = [lane for _, lane in tx.outbox.waiting(federation.time())]
        letter = tx.outbox.next(HUB, lane)
    assert isinstance(letter.body, RecordsShare)
    assert sorted((one.header.reference, one.header.version) for one in letter.body.records) == [("D-1", 2), ("D-2", 1)]


def test_a_bureau_that_has_joined_nobody_says_so(standing: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("comity.storage.members.Members.hub", lambda _: None)
    bergenia = standing[BERGENIA]
    with pytest.raises(Conflict, match="joined no hub"):
        bergenia.records.enter(begin(standing), passports(900, 901), bergenia.operator("test"))
    with pytest.raises(Conflict, match="joined no hub"):
        bergenia.records.withdraw("sltd", "D-1", "", RECOVERED, bergenia.operator("test"))
    assert federation_has(standing, "D-1")


def federation_has(federation: Federation, reference: str) -> bool:
    return federation.record(BERGENIA, "sltd", reference).header.reference == reference


def test_what_is_past_its_retention_is_erased_and_written_down_once(federation: Federation):
    soon = federation.time().date() + timedelta(days=1)
    federation.enter(
        BERGENIA,
        "sltd",
        [msgspec.structs.replace(row("D-2", stolen_passport("BX2")), retain_until=soon, review_at=soon)],
    )
    federation.time.pass_by(days=2)
    assert [federation[BERGENIA].records.expire() for _ in range(2)] == [1, 0]
    told = [one.details for one in federation.journal(BERGENIA) if one.act is Act.RECORDS_EXPIRED]
    assert told == [{"erased": 1}]


def test_what_leaves_is_written_down_before(standing: Federation):
    bergenia = standing[BERGENIA]
    export = bergenia.records.export("nominals", "", bergenia.operator("test"))
    next(export)
    assert standing.journal(BERGENIA)[-1].act is Act.RECORDS_EXPORTED
    bergenia.records.show("nominals", "P-1", "", bergenia.operator("test"))
    assert standing.journal(BERGENIA)[-1].details == {"collection": "nominals", "reference": "P-1"}
