"""What a receiver owes when several clauses and layers ask."""

import pytest

from comity.domain.instrument import Duties, Onward, Release
from comity.law.duties import OBLIGATION, add_up, owed
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import permit

BOOK = shipped_rulebook()


def test_each_obligation_is_owed_once_and_of_figures_the_strictest():
    found = add_up(["confirm-before-action", "erase-after-days 90", "confirm-before-action", "erase-after-days 30"])
    assert found == ("confirm-before-action", "erase-after-days 30")
    assert add_up(["keep-records-days 30", "keep-records-days 365"]) == ("keep-records-days 365",)


def test_never_goes_before_with_consent():
    assert add_up(["no-onward-without-permission", "no-onward"]) == ("no-onward",)
    assert add_up(["no-court-use", "no-court-use-without-permission"]) == ("no-court-use",)


def test_the_words_of_a_source_stay_as_they_are():
    words = ("Not before 12", "police-use-only soon", "Erase after 12")
    assert add_up(words) == words
    assert [BOOK.obligation(one) for one in words] == list(words)


@pytest.mark.parametrize("name", OBLIGATION)
def test_every_duty_is_an_obligation_that_takes_its_figure(name):
    (code,) = owed(permit(duties=Duties(**{name: 12})))
    assert code == f"{OBLIGATION[name]} 12"
    assert " 12 " in BOOK.obligation(code)


def test_how_far_it_may_be_used_is_owed_where_the_clause_speaks_of_it():
    assert owed(permit()) == ()
    assert owed(permit(onward=Onward(rule=Release.NEVER), evidence=Release.NEVER)) == ("no-onward", "no-court-use")
    listed = owed(permit(onward=Onward(rule=Release.ALLOWED, parties=("XC",)), evidence=Release.ALLOWED))
    assert listed == ("onward-only-to XC",)
    assert BOOK.obligation(listed[0]) == "Pass it on to no third party but Corvia."


def test_a_code_without_its_figure_is_not_read_as_one():
    assert BOOK.obligation("erase-after-days") == "erase-after-days"
    assert BOOK.obligation("confirm-before-action at once") == "confirm-before-action at once"
