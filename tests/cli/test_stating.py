"""What an officer may state with any lookup is read from the same options everywhere."""

from datetime import date
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from comity.cli import batch, lookup, watch
from comity.cli.stating import Said, stating
from comity.domain.circumstances import Harm, Nature, StatedOffence
from comity.domain.errors import Invalid
from comity.domain.hit import Priority
from comity.domain.stated import GivenAssurance, Stated

SAID: list[Said] = []


def application() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    @stating
    def ask(name: str, *, said: Said) -> None:
        SAID.append(said)

    return app


def said(*options: str) -> Said:
    SAID.clear()
    ran = CliRunner().invoke(application(), ["Anna", *options], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return SAID[0]


def test_nothing_stated_is_nothing():
    assert said() == Said()


def test_everything_is_read():
    options = "--offence robbery --penalty-months 96 --sentence-months 12 --punishable-in xa --punishable-in XB"
    more = "--nature political --priority urgent --language en --assurance death-penalty,MOJ-7,2031-12-31"
    assert said(*options.split(), *more.split(), "--necessity", "She may be there.") == Said(
        offence=StatedOffence(
            code="robbery",
            penalty_max_months=96,
            sentence_months=12,
            punishable_in=("XA", "XB"),
            natures=(Nature.POLITICAL,),
        ),
        stated=Stated(
            priority=Priority.URGENT,
            language="en",
            necessity="She may be there.",
            assurances=(GivenAssurance(against=Harm.DEATH_PENALTY, reference="MOJ-7", until=date(2031, 12, 31)),),
        ),
    )


def test_a_reference_may_hold_a_comma():
    (word,) = said("--assurance", "torture, Note 7, annex B, 2031-12-31").stated.assurances
    assert (word.against, word.reference) == (Harm.TORTURE, "Note 7, annex B")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--penalty-months", "12"), "not named"),
        (("--nature", "political"), "not named"),
        (("--assurance", "death-penalty"), "no assurance"),
        (("--assurance", "poverty,MOJ-7,2031-12-31"), "no assurance"),
        (("--assurance", "torture,MOJ-7,soon"), "no assurance"),
        (("--language", "English"), "regex|pattern|match"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: tuple[str, ...], complaint: str):
    with pytest.raises(Invalid, match=complaint):
        said(*options)


@pytest.mark.parametrize(
    "command",
    [
        *(getattr(lookup, kind) for kind in ("person", "document", "vehicle", "firearm", "vessel")),
        *(getattr(watch, kind) for kind in ("person", "document", "vehicle", "firearm", "vessel")),
        batch.screen,
    ],
)
def test_every_way_to_ask_has_the_options(command: Any):
    assert {"offence", "necessity", "assurance", "priority", "language"} <= set(command.__annotations__)
