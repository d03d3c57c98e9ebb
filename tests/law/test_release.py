"""What comes out of a box, at each level."""

import json

import msgspec
import pytest

from comity.domain.held import Held
from comity.domain.hit import hit_id
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.domain.person import PersonStatus, RecordPurpose
from comity.law.decision import OWN_RECORD, Decision
from comity.law.release import header_of, release, show
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import (
    ADA,
    BEN,
    CAR,
    CORE,
    FULL,
    HIT,
    KINDS,
    MATCH,
    NOTHING,
    PASSPORT,
    WANTED,
    always,
    never,
    question,
    record,
)

BOOK = shipped_rulebook()

AT_HIT = Decision(HIT, ("treaty art-1",), ("stated-purpose-only",))
AT_CORE = msgspec.structs.replace(AT_HIT, level=CORE)
AT_FULL = msgspec.structs.replace(AT_HIT, level=FULL)


def released(decision, subject=WANTED, asker=ADA, compare=always, marking=None):
    return release(Held(record(subject, marking)), decision, asker, question(asker), compare, BOOK)


def test_at_hit_there_is_only_the_hit_and_whom_to_ask():
    found = released(AT_HIT)
    told = {name for name in found.__struct_fields__ if getattr(found, name)}
    assert told == {"hit", "owner", "contact", "category", "level", "clauses", "obligations"}
    assert found.hit == hit_id(question().id, record().header.id)
    assert found.match is None


@pytest.mark.parametrize("subject", [WANTED, PASSPORT, CAR], ids=["person", "document", "vehicle"])
def test_at_hit_no_word_of_the_record_is_in_the_bytes(subject):
    conditions = Marking(handling=(Handling.H3,), conditions=("Do not tell the Vellmark bank.",))
    sent = msgspec.json.encode(released(AT_HIT, subject, marking=conditions)).decode()
    values = {value for value in _strings(msgspec.to_builtins(subject)) if len(value) > 2}
    assert not [value for value in values - {"person", "document", "vehicle"} if value in sent]
    assert "Vellmark" not in sent
    assert record(subject).header.id not in sent
    assert "B-1" not in json.loads(sent).get("reference", "")


def test_the_core_of_a_person():
    subject = released(AT_CORE).subject
    assert (subject.names, subject.status, subject.action) == (WANTED.names, WANTED.status, WANTED.action)
    assert (subject.addresses, subject.phones, subject.facts) == ((), (), "")
    assert (subject.documents, subject.warrants) == ((), ())


def test_the_core_of_a_document_and_of_a_vehicle():
    document, vehicle = released(AT_CORE, PASSPORT).subject, released(AT_CORE, CAR).subject
    assert (document.number, document.fraud, document.note, document.stolen_on) == ("B7654321", "stolen", "", "")
    assert (vehicle.vin, vehicle.plate, vehicle.note) == (CAR.vin, CAR.plate, "")


def test_at_core_the_explanation_tells_no_more_than_the_core():
    assert [line.field for line in released(AT_CORE).match.fields] == ["name", "birth"]


def test_at_full_all_of_it():
    found = released(AT_FULL)
    assert (found.subject, found.match, found.record) == (WANTED, MATCH, record().header.id)


def test_who_is_kept_out_is_told_only_with_the_whole_record():
    closed = Marking(closed_to=("XC",), handling=(Handling.H2,))
    assert released(AT_FULL, marking=closed).marking == closed
    assert released(AT_CORE, marking=closed).marking == Marking(handling=(Handling.H2,))


def test_obligations_of_the_agreement_and_of_the_marking_are_both_owed():
    found = released(AT_CORE, marking=Marking(handling=(Handling.H1,), conditions=("Call first.",)))
    assert found.obligations == ("stated-purpose-only", "no-court-use-without-permission", "Call first.")


def test_confidential_narrows_whatever_the_agreement_says():
    confidential = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    assert released(AT_FULL, marking=confidential) is None
    assert released(AT_FULL, asker=BEN, marking=confidential).level is FULL


def test_what_does_not_match_or_is_refused_stays_in_the_box():
    assert released(AT_FULL, compare=never) is None
    assert released(Decision(NOTHING)) is None


def test_the_owner_reads_its_own_record():
    found = released(OWN_RECORD, asker=BEN, marking=Marking(closed_to=("XB",)))
    assert (found.level, found.clauses) == (FULL, ("organisation own-record",))


def test_whose_it_is_is_known_without_its_subject():
    assert header_of(Held(record())) == record().header


# -- victims and witnesses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [PersonStatus.VICTIM, PersonStatus.WITNESS])
def test_victims_and_witnesses_never_show_as_wanted(status):
    person = msgspec.structs.replace(WANTED, status=status)
    for decision in (AT_CORE, AT_FULL):
        for found in (released(decision, person), show(Held(_travelled(person)), decision, BOOK)):
            assert found.subject.status is status
            assert (found.subject.purpose, found.subject.action) == (None, "")
            assert (found.subject.warrants, found.subject.offences) == ((), ())


@pytest.mark.parametrize("status", [PersonStatus.VICTIM, PersonStatus.WITNESS])
def test_a_bare_hit_would_make_a_suspect_of_a_victim_so_there_is_none(status):
    person = msgspec.structs.replace(WANTED, status=status)
    assert released(AT_HIT, person) is None
    assert show(Held(_travelled(person)), AT_HIT, BOOK) is None


def test_a_harmless_purpose_of_a_victim_is_shown():
    person = msgspec.structs.replace(
        WANTED, status=PersonStatus.VICTIM, purpose=RecordPurpose.IDENTIFY, action="Ask us."
    )
    assert (released(AT_CORE, person).subject.purpose, released(AT_CORE, person).subject.action) == (
        "identify",
        "Ask us.",
    )


# -- a finding that travelled ---------------------------------------------------------------------------------------


def _travelled(subject=WANTED):
    """As a peer that does not cut would send it."""
    return msgspec.structs.replace(released(AT_FULL), subject=subject)


def test_our_own_law_cuts_once_more():
    at_border = Decision(CORE, ("organisation role-4",))
    found = show(Held(released(AT_FULL)), at_border, BOOK)
    assert (found.level, found.subject.facts) == (CORE, "")
    assert found.clauses == ("treaty art-1", "organisation role-4")
    assert show(Held(released(AT_FULL)), Decision(NOTHING), BOOK) is None


def test_whom_our_own_law_tells_only_of_the_hit_learns_no_more_than_from_a_hit():
    words = Marking(handling=(Handling.H3,), conditions=("Do not tell the Vellmark bank.",))
    assert show(Held(released(AT_FULL, marking=words)), AT_HIT, BOOK) == released(AT_HIT, marking=words)


def test_our_own_law_widens_nothing():
    everything = Decision(FULL)
    for decision in (AT_HIT, AT_CORE, AT_FULL):
        assert show(Held(released(decision)), everything, BOOK) == released(decision)


@pytest.mark.parametrize("level", [HIT, CORE])
def test_a_peer_that_says_less_than_it_sends_is_believed_in_the_level(level):
    found = show(Held(msgspec.structs.replace(_travelled(), level=level)), Decision(FULL), BOOK)
    assert found == show(Held(msgspec.structs.replace(released(AT_FULL), level=level)), Decision(FULL), BOOK)
    assert found.subject is None if level is HIT else found.subject.facts == ""


@pytest.mark.parametrize("kind", KINDS)
def test_cutting_twice_is_cutting_once(kind):
    once = show(Held(released(AT_FULL, KINDS[kind][1])), AT_CORE, BOOK)
    assert show(Held(once), AT_CORE, BOOK) == once


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
