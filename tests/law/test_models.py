"""Models to write one's own agreement by: each does what its examples say, and every clause shows itself in one."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from comity.domain.circumstances import RefusalGround, Tier
from comity.domain.collection import Category
from comity.domain.decision import LayerDecision
from comity.domain.hit import Priority
from comity.domain.instrument import Clause, Effect, Example, Instrument
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.instruments import check, read_instrument, run
from comity.law.render import render
from comity.law.rulebook import shipped_rulebook
from comity.law.shipped import model_agreements, models
from comity.law.texts import Texts
from tests.house.source import ROOT
from tests.law.cast import agreement, forbid, permit

GOLDEN = Path(__file__).parent / "golden"
PAGE = (ROOT / "docs" / "protocol" / "law.md").read_text("utf-8")
BOOK = shipped_rulebook()
EXAMPLES_MIN = 8


def read(path: Path) -> Instrument:
    return read_instrument(path.read_bytes(), path.name)


MODELS = {path.stem: read(path) for path in models()}
EVERY = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def decisions(model: Instrument) -> list[tuple[Example, LayerDecision]]:
    law = Texts([(model, "")], BOOK)
    return [(one, run(one, law, model)) for one in model.examples]


def decided(model: Instrument, what: str, **stated: object) -> LayerDecision:
    """The example of that name, with other circumstances."""
    (example,) = (one for one in model.examples if one.what == what)
    circumstances = msgspec.structs.replace(example.circumstances, **stated)
    changed = msgspec.structs.replace(example, circumstances=circumstances)
    return run(changed, Texts([(model, "")], BOOK), model)


def undecided(model: Instrument) -> set[str]:
    """Clauses that decide none of the examples: what permits must permit one, what forbids must refuse one."""
    permitted = {name for _, one in decisions(model) for name in one.clauses}
    refused = {one.reason.clause for _, one in decisions(model) if one.reason}
    by = {Effect.PERMIT: permitted, Effect.FORBID: refused}
    return {clause.id for clause in model.clauses if f"{model.id} {clause.id}" not in by[clause.effect]}


def test_the_models_are_of_six_kinds_and_nobody_adopts_them() -> None:
    assert list(MODELS) == [
        "bilateral-with-assurance",
        "border-control-accession",
        "handling-code-agreement",
        "hit-no-hit-agreement",
        "mutual-legal-assistance-treaty",
        "universal-convention",
    ]
    assert not set(models()) & set(model_agreements())


def test_the_models_are_those_of_the_page() -> None:
    table = PAGE[PAGE.index("| model |") :].split("\n\n")[0]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == list(MODELS)


def test_between_them_the_models_use_every_key_of_a_clause_but_quotas() -> None:
    clauses = [clause for model in MODELS.values() for clause in model.clauses]
    unused = {key for key in Clause.__struct_fields__ if not any(getattr(clause, key) for clause in clauses)}
    assert unused == {"quota"}


@EVERY
def test_a_model_does_what_its_examples_say(model: Instrument) -> None:
    assert check(model) == []
    assert MODELS[model.id] is model
    assert model.source.startswith("Fictitious")


@EVERY
def test_the_examples_of_a_model_name_the_clause_or_the_reason(model: Instrument) -> None:
    assert len(model.examples) >= EXAMPLES_MIN
    for example in model.examples:
        assert example.clause if example.expect != "refused" else example.why, example.what
    assert {one.expect == "refused" for one in model.examples} == {True, False}
    assert len({one.what for one in model.examples}) == len(model.examples)


@EVERY
def test_every_clause_of_a_model_decides_an_example(model: Instrument) -> None:
    assert undecided(model) == set()


def test_a_clause_that_decides_no_example_is_found() -> None:
    trial = Example(
        what="Trial",
        asker="XA",
        owner="XB",
        category=Category.PERSONS,
        purpose=Purpose.ANALYSIS,
        expect="refused",
        clause="no",
    )
    model = agreement(
        permit("yes"), permit("idle", purposes=(Purpose.WARN,)), forbid("no", purposes=(Purpose.ANALYSIS,))
    )
    assert undecided(msgspec.structs.replace(model, examples=(trial,))) == {"yes", "idle"}


@EVERY
def test_a_model_is_read_aloud_word_for_word_as_before(model: Instrument) -> None:
    golden = GOLDEN / f"{model.id}.md"
    assert golden.is_file(), f"comity law render {model.id}.toml > {golden.name}, and read it before it is committed."
    assert render(model, BOOK) == golden.read_text("utf-8")


def test_every_refusal_of_the_models_reads_word_for_word_as_before() -> None:
    """What is refused, by which clause, why, and what would be needed: for an officer, not for a machine."""
    told = ["# What the models refuse, as an officer reads it"]
    for model in MODELS.values():
        told.append(f"## {model.title}")
        told += [
            f"{example.what}. *{found.reason.clause}*: {found.reason.text} **Needed:** {found.reason.needed}"
            for example, found in decisions(model)
            if found.reason
        ]
    assert "\n\n".join(told) + "\n" == (GOLDEN / "refusals.md").read_text("utf-8")


@EVERY
def test_before_its_day_a_model_tells_nothing(model: Instrument) -> None:
    law = Texts([(model, "")], BOOK)
    before = model.in_force_from - timedelta(days=1)
    for example in model.examples:
        found = run(msgspec.structs.replace(example, on=before), law, model)
        assert found.level is ReplyLevel.NOTHING, example.what


def test_beside_the_others_no_model_tells_less_than_alone() -> None:
    law = Texts([(one, "") for one in MODELS.values()], BOOK)
    for model in MODELS.values():
        for example, alone in decisions(model):
            assert run(example, law, model).level >= alone.level, example.what


# model: (an example that names the clause, minutes to answer it when urgent, and otherwise)
DEADLINES = {
    "universal-convention": ("A person wanted for robbery", 60, 3 * 1440),
    "hit-no-hit-agreement": ("The match is confirmed by eye, and the contact point asks", 480, 2 * 1440),
    "handling-code-agreement": ("Money laundering, asked by the contact point", 480, 7 * 1440),
    "bilateral-with-assurance": ("Corvia gives its word", 720, 14 * 1440),
    "mutual-legal-assistance-treaty": ("A prosecutor of Bergenia asks for evidence of a fraud", 3 * 1440, 60 * 1440),
    "border-control-accession": ("The same traveller in the second line", 30, 240),
}


@pytest.mark.parametrize("name", MODELS)
def test_what_is_urgent_is_answered_sooner(name: str) -> None:
    what, urgent, routine = DEADLINES[name]
    assert decided(MODELS[name], what, priority=Priority.URGENT).answer_within_minutes == urgent
    assert decided(MODELS[name], what, priority=Priority.ROUTINE).answer_within_minutes == routine


# example of the handling-code agreement: (what must be owed under its code, what must not)
HANDLING = {
    "A stolen lorry, under H0": ({"police-use-only"}, {"no-court-use-without-permission", "no-onward"}),
    "A fraud, asked by an officer of Aldova's police": (
        {"police-use-only", "no-court-use-without-permission"},
        {"no-onward-without-permission"},
    ),
    "Money laundering, asked by the contact point": (
        {"no-court-use-without-permission", "no-onward-without-permission"},
        {"no-onward"},
    ),
    "An analyst studies a network": ({"ask-for-conditions", "no-onward", "no-court-use"}, {"police-use-only"}),
}


@pytest.mark.parametrize("what", HANDLING)
def test_handling_codes_are_owed(what: str) -> None:
    owed = set(decided(MODELS["handling-code-agreement"], what).obligations)
    must, must_not = HANDLING[what]
    assert must <= owed
    assert not must_not & owed


@EVERY
def test_every_ground_that_a_model_names_refuses(model: Instrument) -> None:
    grounds = {ground for clause in model.clauses for ground in clause.grounds}
    assert grounds
    permitted = next(example for example, found in decisions(model) if found.level)
    for ground in RefusalGround:
        found = decided(model, permitted.what, grounds=(ground,))
        assert (found.level is ReplyLevel.NOTHING) is (ground in grounds), ground


def test_an_observer_is_told_of_stolen_things_alone() -> None:
    convention = MODELS["universal-convention"]
    assert decided(convention, "A stolen passport of Bergenia shown at Aldova's border", tier=Tier.OBSERVER).level
    for what in ("A person wanted for robbery", "A limited member investigates"):
        assert not decided(convention, what, tier=Tier.OBSERVER).level
