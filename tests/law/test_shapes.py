"""Every shape that rules in agreements take can be written, and does what it says."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.domain.circumstances import Assurance, Consent, Harm, Override, StatedOffence, Trait, Use
from comity.domain.instrument import (
    AnswerWithin,
    AssuranceNeeded,
    Clause,
    Duties,
    Instrument,
    Layer,
    OffenceScope,
    Onward,
    Quota,
    Release,
    Reply,
)
from comity.domain.marking import Handling, Marking
from comity.domain.reply import ReplyLevel
from comity.law.decision import Law, decide
from comity.law.instruments import check, read_instrument
from comity.law.texts import compiled
from tests.law.cast import (
    CORE,
    FULL,
    HIT,
    NOTHING,
    TODAY,
    agreement,
    envelope,
    forbid,
    law,
    nearest,
    outcome,
    permit,
    program,
    request,
)

TEXT = Path(__file__).parent / "accept" / "every-shape.toml"
MURDER = StatedOffence(code="murder", penalty_max_months=480, death_penalty=True)
LATER = date(2026, 3, 2)
DEATH = AssuranceNeeded(against=Harm.DEATH_PENALTY, above=Reply.HIT, override=True)


def test_all_shapes_stand_in_one_text_whose_examples_hold():
    read = read_instrument(TEXT.read_bytes(), TEXT.name)
    assert check(read) == []
    numbers = {int(word) for one in read.examples for word in one.what.split(":")[0].split(", ") if word.isdecimal()}
    assert {*range(1, 21)} - numbers == {19}, "records closed to countries: by marking, and by the clauses below"


def test_every_key_of_a_clause_stands_in_that_text():
    read = read_instrument(TEXT.read_bytes(), TEXT.name)
    used = {name for clause in read.clauses for name in clause.__struct_fields__ if getattr(clause, name)}
    unused = {"source", "askers", "owners", "officer_named", "traits", "obligations"}  # tried in other tests
    assert used == set(Clause.__struct_fields__) - unused


# -- offences ---------------------------------------------------------------------------------------------------------


def robbery(**changes: Any) -> StatedOffence:
    return StatedOffence(**({"code": "robbery", "penalty_max_months": 60, "punishable_in": ("XA", "XB")} | changes))


SCOPE = OffenceScope(codes=("robbery",), penalty_min_months=24, sentence_min_months=6, dual_criminality=True)


@pytest.mark.parametrize(
    ("offence", "failing"),
    [
        (robbery(), ()),
        (robbery(penalty_max_months=12, sentence_months=6), ()),
        (robbery(penalty_max_months=12), ("offence_threshold",)),
        (robbery(penalty_max_months=None), ("offence_threshold",)),
        (robbery(code="fraud"), ("offence_codes",)),
        (robbery(punishable_in=("XA",)), ("dual_criminality",)),
        (None, ("offence_codes", "offence_threshold", "dual_criminality")),
    ],
)
def test_an_offence_fits_or_it_is_said_what_does_not(offence: StatedOffence | None, failing: tuple[str, ...]):
    near = nearest(program(permit(offences=SCOPE)), request(offence=offence))
    assert near is not None
    assert near.failing == failing


def test_a_clause_that_forbids_some_offences_forbids_whoever_names_none():
    one = program(permit(), forbid(offences=OffenceScope(natures=("political",))))
    assert outcome(one, request(offence=robbery())).level is FULL
    assert outcome(one, request(offence=robbery(natures=("political",)))).level is NOTHING
    assert outcome(one, request()).level is NOTHING
    found = decide(request(), None, law(agreement(permit(), forbid(offences=OffenceScope(codes=("fraud",))))), TODAY)
    assert found.reason is not None
    assert found.reason.needed.startswith("The offence:")


# -- assurances -------------------------------------------------------------------------------------------------------


def override(*persons: str, **changes: Any) -> Override:
    whole: dict[str, Any] = {"against": Harm.DEATH_PENALTY, "persons": persons, "reason": "A bomb.", "until": LATER}
    return Override(**(whole | changes))


@pytest.mark.parametrize("offence", [MURDER, None, StatedOffence(code="murder")])
def test_where_death_may_follow_or_nobody_knows_the_hit_alone_is_told(offence: StatedOffence | None):
    assert outcome(program(permit(assurances=(DEATH,))), request(offence=offence)).level is HIT


def test_two_persons_override_and_the_same_person_twice_does_not():
    one = program(permit(assurances=(DEATH,)))
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b"),))).level is FULL
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "a"),))).level is HIT
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b", reason=" "),))).level is HIT
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b", until=date(2026, 2, 28)),))).level is HIT


def test_what_two_persons_of_the_asker_answer_for_counts_before_the_askers_law_alone():
    needs = permit(assurances=(DEATH,))

    def told(*texts: Instrument) -> ReplyLevel:
        theirs = request(offence=MURDER, asker_overrides=(override("a", "b"),))
        return decide(theirs, None, law(agreement(permit()), *texts), TODAY).level

    def of(party: str) -> Instrument:
        return agreement(needs, id=f"law-of-{party}", layer=Layer.NATIONAL_LAW, parties=(party,))

    assert told() is FULL
    assert told(of("XA")) is FULL
    assert told(of("XB")) is HIT, "the owner's law is not theirs to override"
    assert (
        decide(request(offence=MURDER, asker_overrides=(override("a", "b"),)), None, law(agreement(needs)), TODAY).level
        is HIT
    ), "nor is an agreement"
    alone = request(offence=MURDER, asker_overrides=(override("a", "a"),))
    assert decide(alone, None, law(agreement(permit()), of("XA")), TODAY).level is HIT


@pytest.mark.parametrize(
    ("whose", "lifted"),
    [
        ("overrides", {"agreement", "owner-law"}),
        ("asker_overrides", {"asker-law"}),
        ("organisation_overrides", {"organisation"}),
    ],
)
def test_an_override_lifts_the_layers_of_its_own_authority_and_no_other(whose: str, lifted: set[str]):
    needs = permit(assurances=(DEATH,))
    texts = {
        "organisation": [agreement(permit()), agreement(needs, id="rules", layer=Layer.ORGANISATION, parties=())],
        "agreement": [agreement(needs)],
        "asker-law": [agreement(permit()), agreement(needs, id="a", layer=Layer.NATIONAL_LAW, parties=("XA",))],
        "owner-law": [agreement(permit()), agreement(needs, id="o", layer=Layer.NATIONAL_LAW, parties=("XB",))],
    }
    asked = request(offence=MURDER, **{whose: (override("a", "b"),)})
    told = {layer for layer, some in texts.items() if decide(asked, None, law(*some), TODAY).level is FULL}
    assert told == lifted


def test_an_assurance_is_the_askers_own_and_holds_until_its_day():
    one = program(permit(assurances=(msgspec.structs.replace(DEATH, override=False),)))

    def assured(**changes: Any) -> Assurance:
        return Assurance(**({"against": "death-penalty", "given_by": "XA", "reference": "n", "until": TODAY} | changes))

    assert outcome(one, request(offence=MURDER, assurances=(assured(),))).level is FULL
    for wrong in (assured(given_by="XC"), assured(until=date(2026, 2, 28)), assured(against=Harm.TORTURE)):
        assert outcome(one, request(offence=MURDER, assurances=(wrong,))).level is HIT
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b"),))).level is HIT, "it allows none"


def test_an_assurance_is_asked_of_those_alone_where_the_harm_may_come_about():
    one = program(permit(assurances=(msgspec.structs.replace(DEATH, askers=("XC",)),)))
    assert outcome(one, request(offence=MURDER)).level is FULL
    assert outcome(one, request(offence=MURDER, asker="XC")).level is HIT


# -- use --------------------------------------------------------------------------------------------------------------


def consent(**changes: Any) -> Consent:
    whole = {
        "given_by": "XB",
        "record": "r-1",
        "use": Use.ONWARD,
        "purpose": "border-control",
        "recipient": "XC",
        "reference": "c",
        "until": LATER,
    }
    return Consent(**(whole | changes))


@pytest.mark.parametrize(
    "wrong",
    [
        {"given_by": "XA"},
        {"record": "r-2"},
        {"use": Use.EVIDENCE},
        {"purpose": "locate"},
        {"recipient": "un"},
        {"until": date(2026, 2, 28)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_consent_is_the_owners_for_one_record_use_purpose_and_recipient_until_its_day(wrong: dict[str, Any]):
    one = program(permit())
    onward = {"use": Use.ONWARD, "recipient": "XC"}
    assert outcome(one, request(**onward, consents=(consent(),)), envelope()).level is FULL
    assert outcome(one, request(**onward, consents=(consent(**wrong),)), envelope()).level is NOTHING
    assert outcome(one, request(**onward), envelope()).level is NOTHING, "what a clause does not say needs consent"


@pytest.mark.parametrize(
    ("onward", "told"),
    [
        (Onward(rule=Release.ALLOWED), FULL),
        (Onward(rule=Release.ALLOWED, parties=("XC",)), FULL),
        (Onward(rule=Release.ALLOWED, parties=("un",)), NOTHING),
        (Onward(rule=Release.NEVER), NOTHING),
    ],
)
def test_passing_on_goes_to_those_who_are_named(onward: Onward, told: int):
    one = program(permit(onward=onward))
    assert outcome(one, request(use=Use.ONWARD, recipient="XC"), envelope()).level is told
    assert outcome(one, request(), envelope()).level is FULL, "the answer itself is another matter"


def test_oversight_is_no_third_party_where_the_clause_says_so():
    overseen = {"use": Use.ONWARD, "recipient_oversight": True}
    assert outcome(program(permit(onward=Onward(rule="never", oversight=True))), request(**overseen)).level is FULL
    assert outcome(program(permit(onward=Onward(rule="never"))), request(**overseen)).level is NOTHING


@pytest.mark.parametrize(("rule", "told"), [(Release.ALLOWED, FULL), (Release.NEVER, NOTHING), (None, NOTHING)])
def test_court_is_a_use_of_its_own(rule: Release | None, told: int):
    assert outcome(program(permit(evidence=rule)), request(use=Use.EVIDENCE), envelope()).level is told


# -- counts, countries, terms -----------------------------------------------------------------------------------------


def test_a_quota_counts_and_what_nobody_counted_is_no_room_in_it():
    one = program(permit(quota=Quota(questions=2, days=1)))
    assert outcome(one, request(asked={"treaty art-1": 1})).level is FULL
    for asked in ({"treaty art-1": 2}, {}, None):
        assert outcome(one, request(asked=asked)).level is NOTHING


def test_a_clause_may_leave_countries_out_and_a_marking_may_too():
    assert outcome(program(permit(deny_countries=("XA",))), request()).level is NOTHING
    assert outcome(program(permit(deny_countries=("XC",))), request()).level is FULL
    closed = envelope(marking=Marking(closed_to=("XA",)))
    found = decide(request(), closed, law(agreement(permit())), TODAY)
    assert found.reason is not None
    assert (found.level, found.reason.clause) == (NOTHING, "marking")


def test_what_is_owed_adds_up_over_clauses_laws_and_the_marking():
    duties = Duties(erase_after_days=90, tell_errors_within_hours=24)
    treaty = agreement(permit(duties=duties, answer_within=AnswerWithin(urgent_minutes=60, routine_minutes=600)))
    own = agreement(
        permit(duties=Duties(erase_after_days=30), answer_within=AnswerWithin(urgent_minutes=90), reply=Reply.CORE),
        id="law-b",
        layer=Layer.NATIONAL_LAW,
        parties=("XB",),
    )
    record = envelope(marking=Marking(handling=(Handling.H1,)))
    found = decide(request(priority="urgent"), record, law(treaty, own), TODAY)
    assert found.level is CORE
    owed = {"erase-after-days 30", "tell-errors-within-hours 24", "no-court-use-without-permission"}
    assert owed == set(found.obligations)
    assert found.answer_within_minutes == 60
    assert decide(request(), record, law(treaty, own), TODAY).answer_within_minutes == 600


def test_a_record_past_its_retention_is_told_to_nobody():
    found = decide(request(), envelope(retain_until=date(2026, 2, 28)), law(agreement(permit())), TODAY)
    assert found.level is NOTHING


# -- in force ---------------------------------------------------------------------------------------------------------


def test_a_party_whose_every_law_has_lapsed_lets_nothing_out():
    def national(**changes: Any):
        return agreement(permit(), layer=Layer.NATIONAL_LAW, parties=("XB",), **changes)

    treaty, lapsed = agreement(permit()), national(id="old", in_force_until=date(2025, 1, 1))
    found = decide(request(), None, law(treaty, lapsed), TODAY)
    assert found.reason is not None
    assert (found.level, found.reason.clause) == (NOTHING, "old")
    assert decide(request(), None, law(treaty, lapsed, national(id="new")), TODAY).level is FULL
    later = national(id="later", in_force_from=date(2027, 1, 1))
    assert decide(request(), None, law(treaty, later), TODAY).level is FULL, "what is announced binds nobody yet"


def test_an_organisations_rules_that_are_not_in_force_shut_its_layer():
    rules = agreement(permit(), id="rules", layer=Layer.ORGANISATION, parties=(), suspended=True)
    found = decide(request(), None, law(agreement(permit()), rules), TODAY)
    assert found.reason is not None
    assert (found.level, found.reason.clause) == (NOTHING, "rules")


def test_a_territory_stands_for_its_party_and_has_no_agreement_with_it():
    treaty = agreement(permit(askers=("XA",)), parties=("XA", "XB"), territory={"XA": ("XC",)})
    assert compiled(treaty).side("XC") == "XA"
    assert decide(request(asker="XC"), None, Law([(treaty, "d")]), TODAY).level is FULL
    assert decide(request(asker="XC", owner="XA"), None, Law([(treaty, "d")]), TODAY).level is NOTHING


@pytest.mark.parametrize("trait", Trait)
def test_nothing_of_some_persons(trait: Trait):
    one = program(permit(), forbid(traits=(trait,)))
    assert outcome(one, request(), envelope(traits=(trait,))).level is NOTHING
    assert outcome(one, request(), envelope()).level is FULL
