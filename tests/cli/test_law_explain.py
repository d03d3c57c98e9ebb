"""`comity law explain`: why something may be told, from files or from a node."""

from pathlib import Path

import msgspec

from comity.law.shipped import model_agreements
from tests.cli.conftest import Run

ADA = ("--from", "XA", "--to", "XBE", "--category", "persons", "--purpose", "border-control", "--on", "2026-03-01")


def test_ada_hears_which_clause_answers_her_and_what_she_owes(comity: Run):
    said = comity("law", "explain", *ADA, *model_agreements())
    assert (said.status, said.err) == (0, "")
    assert "Answer: core, by aldova-bergenia-bilateral art-4." in said.out
    assert "Owed: Use it only for the purpose you stated." in said.out


def test_a_node_explains_by_what_it_acts_under(comity: Run, aldova: Path):
    assert "There is no agreement between Aldova and Bergenia." in comity("law", "explain", *ADA, "--node", aldova).out
    comity("agreement", "adopt", *model_agreements(), "--node", aldova)
    assert "Answer: core" in comity("law", "explain", *ADA, "--node", aldova).out


def test_the_explanation_as_json_holds_the_decision(comity: Run):
    told = msgspec.json.decode(comity("law", "explain", *ADA, "--json", *model_agreements()).out)
    assert told["decision"]["level"] == 2
    assert [one["text"] for one in told["consulted"] if one.get("decides")] == ["aldova-bergenia-bilateral"]


def test_what_a_lookup_may_state_may_be_stated_here(comity: Run, tmp_path: Path):
    text = tmp_path / "treaty.toml"
    text.write_text(
        """
id = "treaty"
title = "Treaty"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2024-01-01

[[clauses]]
id = "art-1"
title = "Under an assurance"
effect = "permit"
text = "Only under an assurance."
reply = "core"
assurances = [{ against = "death-penalty" }]
"""
    )
    assert "Answer: refused, by treaty art-1." in comity("law", "explain", *ADA, text).out
    assert "Answer: core" in comity("law", "explain", *ADA, "--assurance", "death-penalty,MOJ-7,2031-12-31", text).out
    assert "Answer: core" in comity("law", "explain", *ADA, "--offence", "robbery", "--no-death-penalty", text).out
    said = comity("law", "explain", *ADA, "--offence", "robery", text)
    assert said.status == 2
    assert "Use one of robbery" in said.err


def test_no_law_and_an_offence_without_name_are_refused(comity: Run, monkeypatch):
    monkeypatch.delenv("COMITY_NODE", raising=False)
    assert "It is not said whose law." in comity("law", "explain", *ADA).err
    said = comity("law", "explain", *ADA, "--penalty-months", 12, *model_agreements())
    assert said.status == 2
    assert "--offence" in said.err


def test_a_country_goes_by_its_name_too_and_a_name_that_nobody_has_is_refused(comity: Run):
    asked = ("--category", "persons", "--purpose", "border-control", "--on", "2026-03-01", *model_agreements())
    named = comity("law", "explain", "--from", "aldova", "--to", "Bergenia", *asked)
    assert "Answer: core, by aldova-bergenia-bilateral art-4." in named.out
    said = comity("law", "explain", "--from", "XA", "--to", "bergnia", *asked)
    assert said.status == 2
    assert "--to: 'bergnia' is no country, and no text here names it. Write a country by its code or name" in said.err
