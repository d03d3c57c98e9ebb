"""What comes late answers a question that is kept: once, and never more than a lookup of today would tell."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text

from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.hit import HitState, Priority, Side
from comity.domain.journal import Act, Entry
from comity.domain.kept import Kept, Late
from comity.domain.letter import Lane, LateAnswer, Letter, QuestionWatch, QuestionWatchEnd
from comity.domain.lookup import Answer, Finding, LookupRequest, Outcome, PersonQuery, VehicleQuery
from comity.domain.marking import Marking
from comity.domain.person import Name, Sex
from comity.domain.purpose import Purpose
from comity.domain.record import WithdrawalReason
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.cast import as_, changed, hit_at, send, why_not
from tests.federation.conftest import STOLEN, UNKNOWN, row, stolen_car, stolen_passport, wanted_person

LATER = "B7654321"


def compare(federation: Federation) -> dict[str, int]:
    """Every node's round, and the post that follows from it."""
    told = {name: node.late.compare() for name, node in federation.nodes.items()}
    federation.post()
    return told


def found(federation: Federation, login: str = "ada") -> list[tuple[Late, Finding]]:
    caller = federation.cast[login]
    return federation[caller.bureau].late.found(caller)


def entries(federation: Federation, node: str, act: Act) -> list[Entry]:
    return [one for one in federation.journal(node) if one.act is act]


def enters_the_passport(federation: Federation, marking: Marking | None = None) -> None:
    federation.enter(BERGENIA, "sltd", [row("D-2", stolen_passport(LATER), marking)])


def kept_at(federation: Federation, node: str, question: str) -> Kept | None:
    with federation[node].store.reading() as tx:
        return tx.kept.get(question, federation.time().date())


def unanswered(federation: Federation, purpose: Purpose = Purpose.BORDER_CONTROL) -> Answer:
    answer = federation.ask("ada", UNKNOWN, purpose)
    assert {one.outcome for one in answer.sources} == {Outcome.NO_RECORD}
    return answer


def test_a_record_that_comes_later_answers_whoever_asked_before(federation: Federation):
    answer = unanswered(federation)
    enters_the_passport(federation)
    assert federation[BERGENIA].late.compare() == 1
    federation.post()
    [(late, finding)] = found(federation)
    assert (late.question.id, late.source, finding.owner) == (answer.question, BERGENIA, BERGENIA)
    assert finding.subject.number == LATER
    hit = hit_at(federation, ALDOVA, finding.hit)
    assert (hit.side, hit.state, hit.question) == (Side.ASKER, HitState.OPEN, answer.question)
    owned = hit_at(federation, BERGENIA, finding.hit)
    assert (owned.side, owned.asker, owned.reference) == (Side.OWNER, ALDOVA, "D-2")


def test_a_node_of_a_new_release_makes_the_keys_of_what_it_keeps_anew_first(federation: Federation):
    unanswered(federation)
    with federation[BERGENIA].store.transaction() as tx:
        tx.kept._connection.execute(text("DELETE FROM kept_keys"))
        tx.commit()
    enters_the_passport(federation)
    federation[BERGENIA].late.keyed = False
    assert federation[BERGENIA].late.compare() == 1


def test_a_number_one_edit_away_is_told_late_where_near_ones_were_asked_for_and_says_so(federation: Federation):
    misread = msgspec.structs.replace(UNKNOWN, number=f"{LATER[:-2]}{LATER[-1]}")
    federation.ask("ada", misread)
    near = federation.ask("ada", msgspec.structs.replace(misread, near=True))
    enters_the_passport(federation)
    compare(federation)
    [(late, finding)] = found(federation)
    assert (late.question.id, finding.subject.number) == (near.question, LATER)
    assert [line.how for line in finding.match.fields if line.differs] == ["one-edit"]


def test_it_stands_in_both_journals_with_the_receipt_of_the_other(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    told, shown = (
        entries(federation, BERGENIA, Act.LOOKUP_ANSWERED_LATE),
        entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE),
    )
    assert (told[0].for_whom, told[0].outcome, told[0].level) == (ALDOVA, "hit", "full")
    assert told[0].records == shown[0].records
    with federation[BERGENIA].store.reading() as tx:
        place = next(
            one.index for one in tx.journal.about(told[0].subject) if one.entry.act is Act.LOOKUP_ANSWERED_LATE
        )
    assert shown[0].details["receipts"][0].startswith(f"bergenia bergenia/disclosures {place} ")


def test_the_hub_tells_of_its_copy_and_the_owner_is_alerted(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    federation.post()
    assert federation[HUB].late.compare() == 1
    federation.post()
    [(late, finding)] = found(federation)
    assert late.source == HUB
    assert hit_at(federation, HUB, finding.hit).side is Side.ANSWERER
    assert hit_at(federation, BERGENIA, finding.hit).side is Side.OWNER


def test_one_record_is_told_once_whoever_tells_it_and_however_often_it_is_put(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    compare(federation)
    amended = changed(stolen_passport(LATER), note="seen in the harbour")
    federation.enter(BERGENIA, "sltd", [row("D-2", amended)])
    compare(federation)
    assert len(found(federation)) == 1
    shown = entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE)
    assert [one.outcome for one in shown].count("hit") == 1
    assert {one.details["why"] for one in shown if one.outcome == "not-applied"} <= {"it was told before"}


def test_a_question_that_was_asked_again_is_answered_late_once(federation: Federation):
    """As where the hub kept silent on a line of a list, and was asked again under another id."""
    federation.line.out_of_reach = {HUB}
    federation.ask("ada", UNKNOWN)
    federation.line.out_of_reach = {BERGENIA}
    federation.ask("ada", UNKNOWN)
    federation.line.out_of_reach = set()
    enters_the_passport(federation)
    federation.post()
    compare(federation)
    assert len(found(federation)) == 1
    shown = entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE)
    assert sorted((one.outcome, one.details.get("why", "")) for one in shown) == [
        ("hit", ""),
        ("not-applied", "it was told before"),
    ]


def test_what_the_first_answer_told_is_not_told_again(federation: Federation):
    enters_the_passport(federation)
    federation.post()
    federation.ask("ada", UNKNOWN)
    federation.enter(BERGENIA, "sltd", [row("D-2", changed(stolen_passport(LATER), note="seen"))])
    assert set(compare(federation).values()) == {0}
    assert found(federation) == []


def test_an_own_record_answers_an_own_question(federation: Federation):
    query = VehicleQuery(plate="AL 77", plate_country="XA")
    federation.ask("ada", query, Purpose.LOCATE)
    car = changed(stolen_car(), vin="", plate="AL77", plate_country="XA")
    federation.enter(ALDOVA, "smv", [row("V-9", car)])
    assert federation[ALDOVA].late.compare() == 1
    [(late, finding)] = found(federation)
    assert (late.source, finding.owner) == (ALDOVA, ALDOVA)
    assert hit_at(federation, ALDOVA, finding.hit).side is Side.ASKER


def test_a_person_is_found_by_another_spelling(federation: Federation):
    federation.ask("ada", PersonQuery(name="Iwan Petrowitsch Sorokin", birth="1971-03-09"), Purpose.WANTED_PERSONS)
    anew = changed(wanted_person(), facts="Seen again.")
    federation.enter(BERGENIA, "nominals", [row("P-2", anew)])
    assert federation[BERGENIA].late.compare() == 1
    federation.post()
    assert [finding.reference for _, finding in found(federation)] == ["P-2"]


# -- the law decides as of now ----------------------------------------------------------------------------------------


def test_what_is_closed_to_the_asker_stays_so(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation, Marking(closed_to=("XA",)))
    assert set(compare(federation).values()) == {0}
    assert found(federation) == []
    assert entries(federation, BERGENIA, Act.LOOKUP_ANSWERED_LATE) == []


def test_a_bureau_that_was_suspended_meanwhile_is_told_nothing(federation: Federation):
    unanswered(federation)
    federation.measure(ALDOVA, Standing.SUSPENDED, "keys lost")
    federation[BERGENIA].follower.follow_once()
    enters_the_passport(federation)
    federation[BERGENIA].courier.deliver_once(federation.time())
    assert [federation[name].late.compare() for name in (BERGENIA, HUB)] == [0, 0]


def test_an_officer_who_was_suspended_meanwhile_is_told_nothing(federation: Federation):
    unanswered(federation)
    federation[ALDOVA].accounts.suspend("ada", "left", federation[ALDOVA].operator("test"))
    enters_the_passport(federation)
    compare(federation)
    whys = {one.details["why"] for one in entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE)}
    assert whys == {"whoever asked has no account any more"}
    with federation[ALDOVA].store.reading() as tx:
        assert tx.kept.filed("headquarters", federation.time().date(), 10) == []
        assert tx.hits.every(10) == []


def test_an_own_record_tells_no_officer_who_was_suspended_meanwhile(federation: Federation):
    federation.ask("ada", VehicleQuery(plate="AL 77", plate_country="XA"), Purpose.LOCATE)
    federation[ALDOVA].accounts.suspend("ada", "left", federation[ALDOVA].operator("test"))
    federation.enter(ALDOVA, "smv", [row("V-9", changed(stolen_car(), vin="", plate="AL77", plate_country="XA"))])
    assert federation[ALDOVA].late.compare() == 0
    assert entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE) == []


def test_an_officer_who_watches_over_lookups_now_is_told_nothing(federation: Federation):
    unanswered(federation)
    with federation[ALDOVA].store.transaction() as tx:
        tx.accounts.put(changed(tx.accounts.get("ada"), roles=frozenset({Role.OFFICER, Role.AUDITOR})))
        tx.commit()
    enters_the_passport(federation)
    compare(federation)
    whys = {one.details["why"] for one in entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE)}
    assert whys == {"our own rules do not let them see it"}


def test_what_was_found_late_is_shown_as_far_as_the_reader_may_see_it(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    ada = federation.cast["ada"]
    assert len(found(federation, "dora")) == 1  # of the same unit
    assert federation[ALDOVA].late.found(changed(ada, unit="elsewhere")) == []
    assert federation[ALDOVA].late.found(changed(ada, roles=frozenset({Role.OFFICER, Role.AUDITOR}))) == []


# -- how long ---------------------------------------------------------------------------------------------------------


def test_a_question_is_kept_as_long_as_its_purpose_allows(federation: Federation):
    border = unanswered(federation).question
    case = unanswered(federation, Purpose.CRIMINAL_INVESTIGATION).question
    federation.time.pass_by(days=2)
    for name in (ALDOVA, HUB, BERGENIA):
        assert (kept_at(federation, name, border), kept_at(federation, name, case) is None) == (None, False)
        federation[name].late.expire()
    enters_the_passport(federation)
    compare(federation)
    assert {late.question.id for late, _ in found(federation)} == {case}


def test_what_is_past_its_day_is_erased_and_that_is_written_down(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    federation.time.pass_by(days=2)
    erased = {name: federation[name].late.expire() for name in (ALDOVA, BERGENIA, HUB)}
    assert erased == {ALDOVA: 2, BERGENIA: 1, HUB: 1}
    assert federation[ALDOVA].late.expire() == 0
    assert [one.details for one in entries(federation, HUB, Act.LOOKUPS_EXPIRED)] == [{"erased": 1}]
    assert found(federation) == []


def test_nothing_is_noted_where_nobody_waits(federation: Federation):
    enters_the_passport(federation)
    with federation[BERGENIA].store.reading() as tx:
        assert tx.kept.noted(10) == []


def test_a_withdrawal_takes_what_was_found_late_away(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    [(_, finding)] = found(federation)
    federation[BERGENIA].records.withdraw(
        "sltd", "D-2", "", WithdrawalReason.RECOVERED, federation[BERGENIA].operator("test")
    )
    federation.post()
    assert found(federation) == []
    assert hit_at(federation, ALDOVA, finding.hit).state is HitState.DENIED


def test_a_late_hit_is_confirmed_like_any_other(federation: Federation):
    unanswered(federation)
    enters_the_passport(federation)
    compare(federation)
    [(_, finding)] = found(federation)
    federation[ALDOVA].hits.request(finding.hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    federation[BERGENIA].hits.confirm(finding.hit, "", federation.cast["ben"])
    federation.post()
    assert hit_at(federation, ALDOVA, finding.hit).state is HitState.CONFIRMED


# -- who may say so ---------------------------------------------------------------------------------------------------


def late_answer(federation: Federation) -> LateAnswer:
    """As Bergenia writes it after its round; it has not left yet."""
    enters_the_passport(federation)
    federation[BERGENIA].late.compare()
    with federation[BERGENIA].store.reading() as tx:
        body = tx.outbox.next(ALDOVA, Lane.URGENT).body
    assert isinstance(body, LateAnswer)
    return body


def arrives(federation: Federation, sender: str, late: LateAnswer) -> list[str]:
    """Why it was not believed, where it was not."""
    letter = Letter(
        id="letter",
        sender=sender,
        recipient=ALDOVA,
        lane=Lane.URGENT,
        sequence=1,
        written_at=federation.time(),
        expires_at=federation.time(),
        body=late,
    )
    with federation[ALDOVA].store.transaction() as tx:
        federation[ALDOVA].late.arrived(tx, letter, late)
        tx.commit()
    return [
        str(one.details["why"]) for one in entries(federation, ALDOVA, Act.LOOKUP_SHOWN_LATE) if one.outcome != "hit"
    ]


@pytest.mark.parametrize(
    ("sender", "changes", "why"),
    [
        (BERGENIA, {"question": "01990000-0000-7000-8000-000000000001"}, "no question of ours is kept under that id"),
        (CORVIA, {}, "it speaks for another node"),
        (CORVIA, {"source": CORVIA}, "it does not say where it was written down"),
        (BERGENIA, {"receipt": None}, "it does not say where it was written down"),
        (BERGENIA, {"outcome": Outcome.NO_RECORD, "findings": ()}, "it is of another kind than was asked for"),
    ],
)
def test_a_late_answer_is_believed_as_an_answer_is(federation: Federation, sender: str, changes: dict, why: str):
    unanswered(federation)
    true = late_answer(federation)
    forged = LateAnswer(answer=changed(true.answer, **changes))
    assert why in arrives(federation, sender, forged)[0]
    assert found(federation) == []


def test_a_person_is_no_answer_to_a_document(federation: Federation):
    unanswered(federation)
    true = late_answer(federation)
    finding = changed(true.answer.findings[0], subject=wanted_person())
    forged = LateAnswer(answer=changed(true.answer, findings=(finding,)))
    assert arrives(federation, BERGENIA, forged) == ["it is of another kind than was asked for"]


def test_a_true_late_answer_is_taken_once(federation: Federation):
    unanswered(federation)
    true = late_answer(federation)
    assert arrives(federation, BERGENIA, true) == []
    assert arrives(federation, BERGENIA, true) == ["it was told before"]
    assert len(found(federation)) == 1


def test_nobody_puts_a_question_of_its_own_in_the_place_of_anothers(federation: Federation):
    """Whoever was asked knows the question's id."""
    answer = unanswered(federation)
    kept = kept_at(federation, HUB, answer.question)
    stolen = changed(kept.question, asker=changed(kept.question.asker, bureau=CORVIA, country="XC"), query=STOLEN)
    directory = federation[HUB].directory()
    federation[HUB].answering.answer(stolen, directory.member(CORVIA), lambda _: None)
    assert kept_at(federation, HUB, answer.question).question == kept.question


# -- watches ----------------------------------------------------------------------------------------------------------


def watch(federation: Federation, days: int = 20, purpose: Purpose = Purpose.BORDER_CONTROL) -> str:
    """Ada watches the passport that nobody knows yet; the question's id."""
    request = LookupRequest(query=UNKNOWN, purpose=purpose, case="T-1")
    until = federation.time().date() + timedelta(days=days)
    kept, _ = federation[ALDOVA].watches.set(request, until, federation.cast["ada"])
    federation.post()
    return kept.question.id


def test_a_watch_outlives_what_is_usual_here_and_elsewhere(federation: Federation):
    question = watch(federation)
    federation.time.pass_by(days=19)
    for node in federation.nodes.values():
        node.late.expire()
    federation[HUB].members.refresh()
    federation.follow()
    enters_the_passport(federation)
    compare(federation)
    assert [late.question.id for late, _ in found(federation)] == [question]


@pytest.mark.parametrize(
    "query",
    [
        PersonQuery(birth="1980-04-05", sex=Sex.MALE),
        PersonQuery(birth="1980-04-05", name="Zor* T?pkud*", wildcard=True),
        PersonQuery(name="Zorvi*", wildcard=True),
        PersonQuery(name="Sorvimel Depgutamel", sounds_like=True),
    ],
    ids=["no name", "wildcards and birth", "wildcards", "by sound"],
)
def test_whoever_comes_later_is_told_to_whoever_asked_without_a_whole_name(federation: Federation, query: PersonQuery):
    assert not [one for one in federation.ask("ada", query, Purpose.WANTED_PERSONS).sources if one.findings]
    zorvimel = changed(wanted_person(), names=(Name(full="Zorvimel Tepkudamel"),), births=("1980-04-05",))
    federation.enter(BERGENIA, "nominals", [row("P-9", zorvimel)])
    compare(federation)
    assert [finding.reference for _, finding in found(federation)] == ["P-9"]


def test_a_watch_that_was_cancelled_is_forgotten_everywhere(federation: Federation):
    question = watch(federation)
    watched_at = [name for name in federation.nodes if kept_at(federation, name, question)]
    assert watched_at == [HUB, ALDOVA, BERGENIA]
    federation[ALDOVA].watches.cancel(question, federation.cast["ada"])
    federation.post()
    assert not [name for name in federation.nodes if kept_at(federation, name, question)]
    assert federation[ALDOVA].watches.every(federation.cast["ada"]) == []


def test_a_watch_tells_at_once_what_its_node_could_not_say_when_it_was_asked(federation: Federation):
    """Bergenia was out of reach, and the hub had no copy yet."""
    federation.line.out_of_reach = {BERGENIA, HUB}
    enters_the_passport(federation)
    request = LookupRequest(query=UNKNOWN, purpose=Purpose.BORDER_CONTROL, case="T-1")
    until = federation.time().date() + timedelta(days=20)
    federation[ALDOVA].watches.set(request, until, federation.cast["ada"])
    federation.line.out_of_reach = set()
    federation.post()
    assert [finding.reference for _, finding in found(federation)] == ["D-2"]


def test_a_watch_ends_on_its_day(federation: Federation):
    question = watch(federation, days=2)
    federation.time.pass_by(days=3)
    assert not [name for name in federation.nodes if kept_at(federation, name, question)]


@pytest.mark.parametrize(
    ("days", "purpose", "words"),
    [
        (0, Purpose.BORDER_CONTROL, "has come"),
        (32, Purpose.BORDER_CONTROL, "later than"),
        (5, Purpose.ANALYSIS, "No watch may be set"),
    ],
)
def test_a_watch_ends_within_what_its_purpose_allows(federation: Federation, days: int, purpose: Purpose, words: str):
    with pytest.raises(Invalid, match=words):
        watch(federation, days, purpose)
    assert entries(federation, ALDOVA, Act.LOOKUP_ASKED) == []


def test_another_node_watches_no_longer_than_its_own_rules_let_it(federation: Federation):
    question = unanswered(federation).question
    kept = kept_at(federation, ALDOVA, question)
    send(
        federation, ALDOVA, HUB, QuestionWatch(question=kept.question, until=federation.time().date() + timedelta(999))
    )
    assert kept_at(federation, HUB, question).until == federation.time().date() + timedelta(days=31)


def test_nobody_watches_or_ends_a_watch_in_anothers_name(federation: Federation):
    question = watch(federation)
    kept = kept_at(federation, HUB, question)
    send(federation, CORVIA, HUB, QuestionWatchEnd(question=question))
    send(federation, CORVIA, HUB, QuestionWatch(question=kept.question, until=kept.until))
    assert kept_at(federation, HUB, question) == kept
    assert why_not(federation, HUB, question) == [
        "no such question of that bureau is kept here",
        "it is the question of another",
    ]


def test_a_watch_takes_no_other_questions_place(federation: Federation):
    question = watch(federation)
    kept = kept_at(federation, HUB, question)
    other = changed(kept.question, query=STOLEN)
    send(federation, ALDOVA, HUB, QuestionWatch(question=other, until=kept.until))
    assert kept_at(federation, HUB, question) == kept
    assert why_not(federation, HUB, question) == ["another question is kept under that id"]


def test_a_watch_for_a_purpose_that_allows_none_is_not_taken(federation: Federation):
    question = unanswered(federation).question
    kept = kept_at(federation, ALDOVA, question)
    analysis = changed(kept.question, id="01990000-0000-7000-8000-000000000002", purpose=Purpose.ANALYSIS)
    send(federation, ALDOVA, HUB, QuestionWatch(question=analysis, until=kept.until))
    assert why_not(federation, HUB, analysis.id) == ["no watch may be set for that purpose"]


def test_one_bureau_sets_only_so_many_watches(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    watch(federation)
    monkeypatch.setattr(limits, "WATCHES_PER_MEMBER_MAX", 1)
    refused = watch(federation)
    assert not kept_at(federation, HUB, refused).watch
    monkeypatch.setattr(limits, "WATCHES_PER_ACCOUNT_MAX", 2)
    with pytest.raises(Conflict, match="2 watches"):
        watch(federation)


def test_only_whoever_set_a_watch_cancels_it(federation: Federation):
    question = watch(federation)
    with pytest.raises(Missing):
        federation[ALDOVA].watches.cancel(question, federation.cast["dora"])
    with pytest.raises(Missing):  # no watch, though it is kept
        federation[ALDOVA].watches.cancel(unanswered(federation).question, federation.cast["ada"])


def test_only_officers_set_watches(federation: Federation):
    with pytest.raises(NotPermitted):
        federation[ALDOVA].watches.set(
            LookupRequest(query=UNKNOWN, purpose=Purpose.BORDER_CONTROL, case="T-1"),
            federation.time().date() + timedelta(days=2),
            as_({Role.ADMINISTRATOR}),
        )


def test_a_watch_stands_in_the_journals_of_both_sides(federation: Federation):
    question = watch(federation)
    federation[ALDOVA].watches.cancel(question, federation.cast["ada"])
    federation.post()
    for name in (ALDOVA, HUB, BERGENIA):
        told = [(one.act, one.case) for one in federation.journal(name) if one.subject == question]
        assert told[-2:] == [(Act.WATCH_SET, "T-1"), (Act.WATCH_ENDED, "T-1")]
