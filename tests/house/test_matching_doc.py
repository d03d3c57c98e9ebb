"""What docs/matching.md tells lawyers and officers is what the code does: thresholds, priors, words of explanations."""

import re
import tomllib

import pytest

from comity.domain.purpose import Purpose
from comity.matching.persons import AIMS, Aim, prior, report_from
from tests.house.source import ROOT
from tests.house.test_docs import codes, rows

PAGE = "docs/matching.md"


def test_every_purpose_stands_there_with_its_threshold_and_prior():
    told = {row[0].strip("`"): row[1:] for row in rows(PAGE, "From where on a person is reported") if len(row) == 4}
    assert set(told) == set(Purpose)
    for purpose in Purpose:
        _, expected, threshold = told[purpose]
        assert float(threshold) == report_from(purpose)
        some, of = map(int, re.fullmatch(r"(\d+) in (\d+)", expected).groups())
        # ten thousand persons hold four near names for each question
        assert 2 ** prior(10_000, purpose) == pytest.approx(some / of / 4)


def test_the_error_rates_are_those_that_were_measured_when_the_weights_were_learned():
    settings = tomllib.loads((ROOT / "src/comity/matching/tables/thresholds.toml").read_text("utf-8"))
    told = {row[1].strip("`"): row[2:] for row in rows(PAGE, "From where on a person is reported") if len(row) == 6}
    measured = {
        name: [
            f"{100 * rates[aim][what]:.{digits}f} %"
            for aim in (Aim.FEW_FALSE_STOPS, Aim.FEW_MISSES)
            for what, digits in (("misses", 1), ("false", 2))
        ]
        for name, rates in settings["measured"].items()
    }
    assert told == measured


def test_purposes_of_one_aim_are_treated_alike():
    for purpose in Purpose:
        alike = [other for other in Purpose if AIMS[other] is AIMS[purpose]]
        assert {report_from(other) for other in alike} == {report_from(purpose)}


def test_every_doubling_of_a_collection_takes_one_bit():
    for purpose in Purpose:
        assert prior(2_000_000, purpose) == pytest.approx(prior(1_000_000, purpose) - 1)


def test_the_words_of_an_explanation_are_those_of_the_code():
    source = (ROOT / "src/comity/domain/match.py").read_text("utf-8")
    line = re.search(r"class WordMatch.*?how: str  # (.*?)\n", source, re.DOTALL)
    assert line is not None
    assert set(codes(PAGE, "Reading the waterfall")) == set(re.findall(r'"([a-z-]+)"', line[1]))
