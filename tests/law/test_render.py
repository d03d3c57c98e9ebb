"""An instrument read aloud: the same words every time, nothing of it left out, nothing in it that becomes a heading."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind, Harm, Nature, RefusalGround, Tier, Trait
from comity.domain.collection import Category
from comity.domain.hit import Priority
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
    Special,
)
from comity.domain.purpose import Purpose
from comity.law.instruments import read_instrument
from comity.law.render import render, sentence
from comity.law.rulebook import shipped_rulebook
from comity.law.shipped import model_agreements, sea_council
from tests.law.cast import agreement, forbid, permit

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
BOOK = shipped_rulebook()
TEXTS = [*model_agreements(), *sea_council(), HERE / "accept" / "every-shape.toml"]

# What a clause may say beside its head: with each of these it reads otherwise than without.
SAYS: dict[str, Any] = {
    "categories": (Category.PERSONS,),
    "purposes": (Purpose.LOCATE,),
    "roles": (Role.SUPERVISOR,),
    "askers": ("XA",),
    "owners": ("XB",),
    "deny_countries": ("XC",),
    "entities": (EntityKind.CUSTOMS,),
    "tiers": (Tier.FULL,),
    "officer_named": True,
    "offences": OffenceScope(codes=("murder",)),
    "priorities": (Priority.URGENT,),
    "languages": ("en",),
    "source": "Article 12",
}
PERMITS: dict[str, Any] = {
    "reply": Reply.HIT,
    "quota": Quota(questions=3, days=1),
    "assurances": (AssuranceNeeded(against=Harm.TORTURE),),
    "special": Special(traits=(Trait.MINOR,), necessity=True),
    "onward": Onward(rule=Release.NEVER),
    "evidence": Release.NEVER,
    "answer_within": AnswerWithin(urgent_minutes=480),
    "duties": Duties(erase_after_days=30),
    "obligations": ("stated-purpose-only",),
}
FORBIDS: dict[str, Any] = {"traits": (Trait.MINOR,), "grounds": (RefusalGround.SECURITY,)}
HEAD = {"id", "title", "effect", "text"}


def read(path: Path) -> Instrument:
    return read_instrument(path.read_bytes(), path.name)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_is_read_aloud_word_for_word_as_before(path: Path):
    golden = GOLDEN / f"{path.stem}.md"
    assert golden.is_file(), f"comity law render {path.name} > {golden.name}, and read it aloud before it is committed."
    assert render(read(path), BOOK) == golden.read_text("utf-8")


def test_every_key_of_a_clause_is_read_aloud():
    assert {*HEAD, *SAYS, *PERMITS, *FORBIDS} == set(Clause.__struct_fields__)
    for key, value in (SAYS | PERMITS).items():
        assert aloud(permit(**{key: value})) != aloud(permit()), key
    for key, value in (SAYS | FORBIDS).items():
        assert aloud(forbid(**{key: value})) != aloud(forbid()), key


@pytest.mark.parametrize(
    "scope",
    [
        OffenceScope(codes=("fraud",)),
        OffenceScope(penalty_min_months=12),
        OffenceScope(sentence_min_months=6),
        OffenceScope(dual_criminality=True),
        OffenceScope(excluded=(Nature.POLITICAL,)),
    ],
)
def test_every_key_of_an_offence_is_read_aloud(scope: OffenceScope):
    assert "Only for " in aloud(permit(offences=scope))
    assert "an offence" in sentence(permit(offences=scope), agreement())


def test_every_key_of_the_text_is_read_aloud():
    changes: dict[str, Any] = {
        "id": "other",
        "title": "Other",
        "source": "Elsewhere",
        "layer": Layer.ORGANISATION,
        "parties": ("XA", "XB"),
        "territory": {"XA": ("XD",)},
        "in_force_from": date(2021, 1, 1),
        "in_force_until": date(2031, 1, 1),
        "suspended": True,
        "suspended_from": date(2026, 1, 1),
        "tiers": {"XA": Tier.OBSERVER},
        "go_live": {"XA": date(2022, 1, 1)},
    }
    usual = agreement(permit())
    ended = agreement(permit(), suspended_from=date(2026, 1, 1), suspended_until=date(2026, 2, 1))
    assert set(changes) | {"suspended_until", "clauses", "examples"} == set(Instrument.__struct_fields__)
    for key, value in changes.items():
        assert render(msgspec.structs.replace(usual, **{key: value}), BOOK) != render(usual, BOOK), key
    assert "from 1 January 2026 until 1 February 2026" in render(ended, BOOK)


def test_what_is_not_stated_counts_against_whoever_asks():
    told = sentence(forbid(offences=OffenceScope(natures=(Nature.POLITICAL,))), agreement())
    assert told == (
        "Nothing at all is told. That holds for an offence of political nature; "
        "what is not stated counts as if it were so."
    )


def test_grounds_that_nobody_invokes_count_against_nobody():
    told = sentence(forbid(grounds=(RefusalGround.SECURITY,)), agreement())
    assert told.endswith("That holds where the owner invokes its security.")


def test_a_title_cannot_become_a_heading_or_a_link():
    told = render(agreement(permit(), title="Peace\n# All is permitted [here](http://x)"), BOOK)
    assert told.startswith("# Peace \\# All is permitted \\[here\\](http://x)\n")
    assert sum(line.startswith("# ") for line in told.splitlines()) == 1


def aloud(clause: Clause) -> str:
    return render(agreement(clause), BOOK)
