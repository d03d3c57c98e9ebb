"""Figures and codes as they are read aloud: one and many, years, thousands, articles, languages."""

import re

import pytest

from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind, Harm, RefusalGround, Trait
from comity.law import words
from comity.law.duties import OBLIGATION
from comity.law.rulebook import shipped_rulebook

BOOK = shipped_rulebook()


def test_figures_are_told_in_the_unit_in_which_one_thinks():
    assert [words.months(one) for one in (0, 1, 6, 12, 18, 24)] == [
        "0 months",
        "1 month",
        "6 months",
        "1 year",
        "18 months",
        "2 years",
    ]
    assert [words.days(one) for one in (1, 90, 365, 1_825, 2_000)] == [
        "1 day",
        "90 days",
        "1 year (365 days)",
        "5 years (1,825 days)",
        "2,000 days",
    ]
    assert [words.minutes(one) for one in (1, 30, 60, 480, 2_880)] == [
        "1 minute",
        "30 minutes",
        "1 hour",
        "8 hours",
        "2 days",
    ]


def test_roles_have_their_article():
    assert words.roles((Role.OFFICER, Role.DUTY_OFFICER, Role.ANALYST)) == "an officer, a duty officer or an analyst"


def test_a_language_that_is_not_known_is_read_by_its_code():
    assert words.languages(("en", "fr", "tlh")) == "English, French or the language “tlh”"


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.ENTITIES, EntityKind),
        (words.HARMS, Harm),
        (words.GROUNDS, RefusalGround),
        (words.TRAITS, Trait),
    ],
)
def test_every_code_has_its_words(table: dict[str, str], codes: type[EntityKind]):
    assert set(table) == set(codes)


def test_one_is_one_and_many_are_many_in_every_duty():
    for name in OBLIGATION.values():
        one = BOOK.obligation(f"{name} 1")
        assert re.search(r"\b1 (day|hour)\b", one), one
        assert "2,000" in BOOK.obligation(f"{name} 2000")


def test_what_is_no_figure_is_left_in_the_words_of_its_source():
    assert BOOK.obligation("erase-after-days soon") == "erase-after-days soon"


def test_parties_to_whom_it_may_go_are_named():
    assert BOOK.obligation("onward-only-to XA, XB, un") == "Pass it on to no third party but Aldova, Bergenia or un."
