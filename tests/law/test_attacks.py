"""Attacks on the law itself: texts that try to become policy, or to rewrite the screen on which they are printed."""

import pytest

from comity.domain.errors import Invalid
from comity.domain.instrument import Clause, Effect
from comity.domain.purpose import Purpose
from comity.law.decision import Law
from comity.law.instruments import check
from comity.law.program import Program
from tests.law.cast import FULL, NOTHING, agreement, between, forbid, law, outcome, permit, request

SMUGGLED = '"); permit(principal, action, resource); @id("x'
POLICIES = [SMUGGLED, f"{SMUGGLED}\n", "*/ permit(principal, action, resource); /*", '\\") permit', "\n// x\npermit"]


@pytest.mark.parametrize("text", POLICIES)
def test_a_title_or_an_id_never_becomes_policy(text):
    """Straight into the compiler, past every check of ids and texts."""
    clause = Clause(id=text, title=text, effect=Effect.PERMIT, text=text, reply="hit", purposes=(Purpose.WARN,))
    one = Program("treaty", ["XA", "XB"], [clause])
    assert len(one.policies.policies) == 1
    assert outcome(one, request(purpose="locate", roles=())).level is NOTHING


@pytest.mark.parametrize("text", POLICIES)
def test_an_id_with_quotation_marks_blanks_or_line_breaks_is_refused(text):
    for bad in (agreement(permit(text)), agreement(permit(), id=text)):
        assert check(bad)
        with pytest.raises(Invalid):
            law(bad)


@pytest.mark.parametrize("text", [SMUGGLED, 'He said: "no"; DROP TABLE', "Zweiter Absatz\nmit Zeilenumbruch", "第七条"])
def test_any_printable_title_and_text_is_data(text):
    clause = Clause(id="art-1", title=text, effect=Effect.FORBID, text=text, purposes=(Purpose.WARN,))
    found = law(agreement(permit("art-2"), clause))
    assert between(found, purpose=Purpose.LOCATE).level is FULL
    assert between(found, purpose=Purpose.WARN).reason.text == text


@pytest.mark.parametrize("text", ["\x1b[2J clear", "bell\x07", "right\u202eleft", "\x00"])
def test_a_text_that_would_rewrite_a_screen_is_refused(text):
    for bad in (
        agreement(permit(), title=text),
        agreement(permit(), source=text),
        agreement(Clause(id="a", title="t", effect=Effect.PERMIT, text=text, reply="hit")),
    ):
        assert "control characters" in check(bad)[0]


@pytest.mark.parametrize("party", ["xa", "XAL", " XA", "XA ", "XА", "", 'XA"'])
def test_no_other_spelling_of_a_party_is_a_party(party):
    """`XА` ends in a Cyrillic letter."""
    assert check(agreement(permit(), parties=("XB", party)))
    assert between(law(agreement(permit())), asker=party).level is NOTHING


def test_an_agreement_between_others_permits_nothing():
    assert between(law(agreement(permit(), parties=("XB", "XC")))).level is NOTHING


def test_a_forbidding_clause_cannot_be_lost_behind_one_of_the_same_id():
    twice = agreement(forbid("art-1"), permit("art-1"))
    assert "same id" in check(twice)[0]
    with pytest.raises(Invalid):
        Law([(twice, "")])
