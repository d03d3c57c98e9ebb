"""What docs/matching.md tells lawyers and officers is what the code does: thresholds, priors, words of explanations."""

import re
import tomllib

import pytest

from comity.domain.purpose import Purpose
from comity.matching.thresholds import AIMS, PERSONS_MIN, Aim, prior, report_from
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
        assert 2 ** prior(PERSONS_MIN, purpose) == pytest.approx(some / of / PERSONS_MIN)
    assert f"{PERSONS_MIN:,} persons" in (ROOT / PAGE).read_text("utf-8")


def test_the_error_rates_are_those_that_were_measured():
    settings = tomllib.loads((ROOT / "src/comity/matching/tables/thresholds.toml").read_text("utf-8"))
    found = (row[1:] for row in rows(PAGE, "From where on a person is reported") if len(row) == 7)
    told = {(known.strip("`"), size.replace(",", "")): rates for known, size, *rates in found}
    measured = {
        (known, size): [
            f"{100 * rates[aim][what]:.{digits}f} %"
            for aim in (Aim.FEW_FALSE_STOPS, Aim.FEW_MISSES)
            for what, digits in (("misses", 1), ("false", 2))
        ]
        for known, sizes in settings["measured"].items()
        for size, rates in sizes.items()
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
