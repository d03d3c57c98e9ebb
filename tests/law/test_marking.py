"""What a source wrote on its record holds against every asker, however it was written."""

import pytest

from comity.domain.caller import Asker, Role
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.law import marking
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import ADA, BEN, CORA, FULL, NOTHING, record

BOOK = shipped_rulebook()
UN = Asker(bureau="un", country="", unit="", officer="u", roles=(Role.OFFICER,))


def level(asker, one):
    return marking.level(record(marking=one).header, asker, BOOK)


@pytest.mark.parametrize("code", ["XC", "xc", "XCV", " XC"])
def test_closed_to_corvia_however_it_is_spelt(code):
    one = Marking(closed_to=(code,))
    assert (level(CORA, one), level(ADA, one)) == (NOTHING, FULL)


@pytest.mark.parametrize("code", ["XA", "xa", "XAL"])
def test_only_for_aldova_however_it_is_spelt(code):
    one = Marking(only_for=(code,))
    assert (level(CORA, one), level(ADA, one), level(UN, one)) == (NOTHING, FULL, NOTHING)


def test_an_askers_three_letters_are_understood():
    corvia = Asker(bureau="corvia", country="XCV", unit="", officer="c", roles=(Role.OFFICER,))
    assert level(corvia, Marking(closed_to=("XC",))) is NOTHING


def test_closed_beats_the_positive_list():
    assert level(CORA, Marking(closed_to=("XC",), only_for=("XC",))) is NOTHING


def test_the_owner_is_never_closed_out_of_its_own_record():
    assert level(BEN, Marking(closed_to=("XB",), only_for=("XA",))) is FULL


def test_two_without_a_country_are_not_of_the_same_country():
    ofac = record(marking=Marking(only_for=("XA",)), source="ofac", country="").header
    assert marking.level(ofac, UN, BOOK) is NOTHING


def test_an_organisation_is_never_closed_out_of_its_own_record():
    own = record(marking=Marking(only_for=("XA",)), source="un", country="").header
    assert marking.level(own, UN, BOOK) is FULL


def test_confidential_is_for_the_duty_desk_and_supervisors():
    one = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    assert (level(ADA, one), level(BEN, one)) == (NOTHING, FULL)


def test_restricted_is_not_for_systems():
    system = Asker(bureau="aldova", country="XA", unit="", officer="gate-1", roles=(Role.SYSTEM,))
    assert level(system, Marking(confidentiality=Confidentiality.RESTRICTED)) is NOTHING
    assert level(system, Marking()) is FULL


def test_handling_codes_become_obligations():
    one = Marking(handling=(Handling.H1, Handling.H2))
    assert marking.obligations(one, BOOK) == ("no-court-use-without-permission", "no-onward-without-permission")


def test_conditions_are_passed_on_in_the_sources_words_with_or_without_their_code():
    words = ("Not to be told to the bank.",)
    assert marking.obligations(Marking(handling=(Handling.H3,), conditions=words), BOOK) == words
    assert marking.obligations(Marking(handling=(Handling.H0,), conditions=words), BOOK) == ("police-use-only", *words)


def test_a_code_for_conditions_without_any_says_to_ask():
    assert marking.obligations(Marking(handling=(Handling.H3,)), BOOK) == ("ask-for-conditions",)
