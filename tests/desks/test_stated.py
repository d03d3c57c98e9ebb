"""A live lookup states all that the law may ask about: each clause that needs something refuses without it."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from comity.desks.lookup_notes import decisions
from comity.domain.caller import Role
from comity.domain.circumstances import Assurance, EntityKind, Harm, Tier
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.hit import Priority
from comity.domain.journal import Act
from comity.domain.letter import Lane, QuestionWatch
from comity.domain.lookup import LookupRequest, Outcome, Question, SourceAnswer
from comity.domain.override import OverrideKind
from comity.domain.purpose import Purpose
from comity.domain.stated import GivenAssurance, Stated
from comity.law.replay import differences, replay
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.desks.cast import as_, changed
from tests.desks.test_lookups import answered, question
from tests.federation.conftest import WANTED

TREATY = """
id = "treaty"
title = "Treaty on Careful Exchange"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2024-01-01
{head}

[[clauses]]
id = "art-1"
title = "With care"
effect = "permit"
text = "In a security check the parties tell each other the core of a person."
categories = ["persons"]
purposes = ["security-check"]
reply = "core"
{condition}
"""
WORD = GivenAssurance(against=Harm.DEATH_PENALTY, reference="MOJ-7", until=date(2099, 12, 31))


def signed(federation: Federation, condition: str, head: str = "") -> Federation:
    text = TREATY.format(head=head, condition=condition).encode()
    federation.publish(("treaty.toml", text))
    return federation


def bergenia(federation: Federation, stated: Stated | None = None) -> SourceAnswer:
    request = LookupRequest(query=WANTED, purpose=Purpose.SECURITY_CHECK, case="T-1", stated=stated)
    answer = federation[ALDOVA].lookups.ask(request, federation.cast["ada"])
    return federation.answer_of(BERGENIA, answer)


@pytest.mark.parametrize(
    ("condition", "stated"),
    [
        ('priorities = ["urgent"]', Stated(priority=Priority.URGENT)),
        ('languages = ["en"]', Stated(language="en")),
        ('assurances = [{ against = "death-penalty" }]', Stated(assurances=(WORD,))),
    ],
)
def test_what_a_clause_needs_is_stated_by_a_live_lookup_decided_at_both_sides_and_replayed(
    federation: Federation, condition: str, stated: Stated
):
    signed(federation, condition)
    without = bergenia(federation)
    assert without.outcome is Outcome.REFUSED
    assert without.reason is not None
    assert without.reason.clause == "treaty art-1"
    assert bergenia(federation, stated).outcome is Outcome.HIT
    entry = [one for one in federation.journal(BERGENIA) if one.act is Act.LOOKUP_ANSWERED][-1]
    (taken,) = decisions(entry)
    desk, digests = federation[BERGENIA].agreements, taken.decision.digests
    again = replay(taken, desk.texts(digests), desk.published(digests))
    assert not differences(taken.decision, again)
    asked = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED][-1]
    assert msgspec.json.decode(str(asked.details["stated"]), type=Stated) == stated


def test_the_owner_decides_again_on_what_is_stated_whatever_the_asker_decided(federation: Federation):
    signed(federation, 'assurances = [{ against = "death-penalty" }]')
    asked = changed(question(federation, 41, query=WANTED), purpose=Purpose.SECURITY_CHECK)
    assert answered(federation, BERGENIA, asked).outcome is Outcome.REFUSED
    given = changed(asked, id=asked.id[:-2] + "42", stated=Stated(assurances=(WORD,)))
    assert answered(federation, BERGENIA, given).outcome is Outcome.HIT
    entry = [one for one in federation.journal(BERGENIA) if one.act is Act.LOOKUP_ANSWERED][-1]
    (taken,) = decisions(entry)
    assert taken.request.circumstances.assurances == (
        Assurance(against=WORD.against, given_by="XA", reference=WORD.reference, until=WORD.until),
    )


def test_an_assurance_is_the_word_of_whoever_signed_and_of_nobody_else(federation: Federation):
    """Whose it is does not stand in it; whoever signs in another's name is not heard."""
    assert "given_by" not in GivenAssurance.__struct_fields__
    asked = changed(question(federation, 43, query=WANTED), purpose=Purpose.SECURITY_CHECK)
    asked = changed(asked, stated=Stated(assurances=(WORD,)), asker=changed(asked.asker, country="XC"))
    directory = federation[ALDOVA].members.directory()
    assert directory is not None
    member = directory.member(BERGENIA)
    assert member is not None
    with pytest.raises(NotPermitted, match="names aldova"):
        federation[ALDOVA].exchange.post(
            member, "/federation/v1/questions", msgspec.json.encode(asked, order="sorted"), 5.0, 1_000_000
        )


def test_an_assurance_past_its_day_counts_for_nothing(federation: Federation):
    signed(federation, 'assurances = [{ against = "death-penalty" }]')
    yesterday = federation.time().date() - timedelta(days=1)
    assert bergenia(federation, Stated(assurances=(changed(WORD, until=yesterday),))).outcome is Outcome.REFUSED


def test_which_kind_of_body_asks_follows_from_the_unit_as_the_bureau_has_it(federation: Federation):
    signed(federation, 'entities = ["customs"]')
    told = bergenia(federation)
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert "you ask as the bureau" in told.reason.text
    unit = federation.cast["ada"].unit
    federation[ALDOVA].accounts.place(unit, EntityKind.CUSTOMS, as_([Role.ADMINISTRATOR]))
    assert bergenia(federation).outcome is Outcome.HIT
    placed = [one for one in federation.journal(ALDOVA) if one.act is Act.UNIT_PLACED]
    assert [(one.subject, one.details["kind"]) for one in placed] == [(unit, "customs")]
    assert federation[ALDOVA].accounts.units(as_([Role.AUDITOR])) == {unit: EntityKind.CUSTOMS}
    with pytest.raises(NotPermitted):
        federation[ALDOVA].accounts.place(unit, EntityKind.POLICE, as_([Role.OFFICER]))


def test_a_question_that_names_no_kind_of_body_fits_no_clause_on_one(federation: Federation):
    """As one of an earlier release asks: it counts neither as the bureau itself nor as anybody else."""
    signed(federation, 'entities = ["bureau"]')
    asked = changed(question(federation, 44, query=WANTED), purpose=Purpose.SECURITY_CHECK)
    assert asked.asker.entity is None
    assert answered(federation, BERGENIA, asked).outcome is Outcome.REFUSED


def test_how_far_a_member_takes_part_is_read_in_the_texts_of_law(federation: Federation):
    signed(federation, 'tiers = ["full"]')
    assert bergenia(federation).outcome is Outcome.REFUSED
    signed(federation, 'tiers = ["full"]', f'tiers = {{ XA = "{Tier.FULL}", XB = "{Tier.FULL}" }}')
    assert bergenia(federation).outcome is Outcome.HIT
    signed(federation, 'tiers = ["full"]', f'tiers = {{ XA = "{Tier.OBSERVER}" }}')
    told = bergenia(federation)
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert "you are of observer tier" in told.reason.text


def test_an_override_of_the_owner_is_not_forestalled_by_the_asker(federation: Federation):
    """Two persons there answer for it; the asker cannot know, and asks."""
    signed(federation, 'assurances = [{ against = "death-penalty", override = true }]')
    told = bergenia(federation)
    assert told.receipt is not None, "it was asked, and refused there"
    assert told.outcome is Outcome.REFUSED
    sara, max_ = (changed(as_([Role.SUPERVISOR], BERGENIA), account=name) for name in ("sara", "max"))
    day = federation.time().date()
    filed = federation[BERGENIA].overrides.propose(
        OverrideKind.EMERGENCY, Harm.DEATH_PENALTY, ALDOVA, "T-1", "a bomb may go off today", day, sara
    )
    federation[BERGENIA].overrides.confirm(filed.id, max_)
    assert bergenia(federation).outcome is Outcome.HIT


OWN_LAW = b"""
id = "law-of-aldova"
title = "Police Act"
source = "Fictitious"
layer = "national-law"
parties = ["XA"]
in_force_from = 2024-01-01

[[clauses]]
id = "s-1"
title = "Under an assurance"
effect = "permit"
text = "Officers may ask where the death penalty is ruled out."
askers = ["XA"]
reply = "full"
assurances = [{ against = "death-penalty", override = true }]
"""


def test_the_askers_own_law_needs_an_override_of_its_own_before_anything_leaves(federation: Federation):
    signed(federation, "")
    federation.publish(("law.toml", OWN_LAW))
    told = bergenia(federation)
    assert told.outcome is Outcome.REFUSED
    assert told.receipt is None, "it was not asked"
    overridden(federation)
    assert bergenia(federation).outcome is Outcome.HIT


def overridden(federation: Federation, case: str = "T-1") -> None:
    """Two persons of Aldova answer for asking in that case."""
    sara, max_ = (changed(as_([Role.SUPERVISOR]), account=name) for name in ("sara", "max"))
    day = federation.time().date()
    desk = federation[ALDOVA].overrides
    kind, harm = OverrideKind.MINISTERIAL, Harm.DEATH_PENALTY
    desk.confirm(desk.propose(kind, harm, ALDOVA, case, "the minister agreed", day, sara).id, max_)


def test_the_override_is_part_of_the_question_and_both_sides_write_it_down(federation: Federation):
    """Whoever answers applies the same published law of the asker, and can make the decision again."""
    signed(federation, "")
    federation.publish(("law.toml", OWN_LAW))
    overridden(federation)
    bergenia(federation)
    asked = [one for one in federation.journal(ALDOVA) if one.act is Act.LOOKUP_ASKED][-1]
    assert '"the minister agreed"' in str(asked.details["overrides"])
    [taken] = decisions([one for one in federation.journal(BERGENIA) if one.act is Act.LOOKUP_ANSWERED][-1])
    [told] = taken.request.circumstances.asker_overrides
    assert (told.against, told.reason, len(set(told.persons))) == (Harm.DEATH_PENALTY, "the minister agreed", 2)
    assert not {"sara", "max"} & set(told.persons), "who they are stays with them"
    assert taken.request.circumstances.overrides == ()
    desk, digests = federation[BERGENIA].agreements, taken.decision.digests
    assert list(differences(taken.decision, replay(taken, desk.texts(digests), desk.published(digests)))) == []
    told_elsewhere = federation[BERGENIA].overrides.every(as_([Role.SUPERVISOR], BERGENIA))
    assert told_elsewhere == [], "it overrides nothing there"


def test_it_holds_for_its_own_case_alone_and_until_its_day(federation: Federation):
    signed(federation, "")
    federation.publish(("law.toml", OWN_LAW))
    overridden(federation, "T-2")
    assert bergenia(federation).outcome is Outcome.REFUSED
    overridden(federation)
    assert bergenia(federation).outcome is Outcome.HIT
    federation.time.pass_by(days=1)
    assert bergenia(federation).outcome is Outcome.REFUSED


def test_it_releases_the_asker_from_no_law_but_its_own(federation: Federation):
    signed(federation, 'assurances = [{ against = "death-penalty", override = true }]')
    overridden(federation)
    told = bergenia(federation)
    assert told.receipt is not None, "it was asked, for two persons there may answer for it"
    assert told.outcome is Outcome.REFUSED


def test_no_officer_states_an_override():
    with pytest.raises(msgspec.ValidationError, match="overrides"):
        msgspec.convert({"overrides": []}, Stated)
    with pytest.raises(msgspec.ValidationError, match="overrides"):
        msgspec.convert(
            {"query": {"kind": "person", "name": "X Y"}, "purpose": "locate", "case": "1", "overrides": []},
            LookupRequest,
        )


def test_a_node_that_knows_no_overrides_is_asked_without_and_refuses_by_the_askers_law(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    signed(federation, "")
    federation.publish(("law.toml", OWN_LAW))
    overridden(federation)
    answer = federation[BERGENIA].answering.answer

    def checked(asked: Question, *more: Any) -> SourceAnswer:
        if asked.overrides:
            raise Invalid("Object contains unknown field `overrides`", do="Leave it out.")
        return answer(asked, *more)

    monkeypatch.setattr(federation[BERGENIA].answering, "answer", checked)
    told = bergenia(federation)
    assert told.outcome is Outcome.REFUSED
    assert "asked without overrides" in told.reason.text
    desk = federation[ALDOVA].elsewhere
    assert not desk.is_of_earlier_release(BERGENIA), "it knows all else that is stated"
    with federation[ALDOVA].store.reading() as tx:
        kept = tx.kept.get(federation.ask("ada", WANTED, Purpose.SECURITY_CHECK).question, federation.time().date())
    assert desk.known_to(BERGENIA, kept.question)[1] == ("overrides",)


# -- nodes of an earlier release --------------------------------------------------------------------------------------


def of_an_earlier_release(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """Bergenia, which refuses what it does not know before it writes anything down; what it took."""
    taken: list[Question] = []
    answer, answer_many = federation[BERGENIA].answering.answer, federation[BERGENIA].answering.answer_many

    def checked(asked: Question) -> None:
        if asked.asker.entity is not None or asked.stated is not None:
            raise Invalid("Object contains unknown field `entity`", do="Leave it out.")
        taken.append(asked)

    def one(asked: Question, *more: Any) -> SourceAnswer:
        checked(asked)
        return answer(asked, *more)

    def many(asked: list[Question], *more: Any) -> list[SourceAnswer]:
        for each in asked:
            checked(each)
        return answer_many(asked, *more)

    monkeypatch.setattr(federation[BERGENIA].answering, "answer", one)
    monkeypatch.setattr(federation[BERGENIA].answering, "answer_many", many)
    return taken


def test_a_node_of_an_earlier_release_is_asked_without_and_that_is_said_beside_its_own_reason(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    taken = of_an_earlier_release(federation, monkeypatch)
    signed(federation, 'languages = ["en"]')
    told = bergenia(federation, Stated(language="en"))
    assert told.outcome is Outcome.REFUSED
    assert told.reason is not None
    assert told.reason.clause == "treaty art-1"
    assert "asked without entity, language" in told.reason.text
    assert len(taken) == 1
    assert federation[ALDOVA].elsewhere.is_of_earlier_release(BERGENIA)


def test_it_is_asked_without_at_once_from_then_on_lists_and_watches_too(
    federation: Federation, monkeypatch: pytest.MonkeyPatch
):
    taken = of_an_earlier_release(federation, monkeypatch)
    signed(federation, "")
    assert bergenia(federation, Stated(language="en")).outcome is Outcome.HIT
    ada = federation.cast["ada"]
    request = LookupRequest(query=WANTED, purpose=Purpose.SECURITY_CHECK, case="T-1", stated=Stated(language="en"))
    federation[ALDOVA].lookups.ask_many([request, request], ada, lambda tx, asked: None)
    assert len(taken) == 3, "one request for both, and none refused before it"
    wanted = changed(request, purpose=Purpose.WANTED_PERSONS)
    federation[ALDOVA].watches.set(wanted, federation.time().date() + timedelta(days=7), ada)
    with federation[ALDOVA].store.reading() as tx:
        letters = [one.body for lane in Lane for one in _waiting(tx, BERGENIA, lane)]
    (watch,) = [one for one in letters if isinstance(one, QuestionWatch)]
    assert (watch.question.stated, watch.question.asker.entity) == (None, None)


def _waiting(tx: Any, recipient: str, lane: Lane) -> list[Any]:
    found = tx.outbox.next(recipient, lane)
    return [found] if found is not None else []
