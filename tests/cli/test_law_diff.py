"""`comity law diff`: one changed clause, told in words, with the decisions that it changes."""

from pathlib import Path

import msgspec

from comity.law.shipped import model_agreements
from tests.cli.conftest import Run

OPEN = Path(__file__).parent / "accept" / "open-treaty.toml"


def narrowed(folder: Path) -> Path:
    """The same treaty, but it tells no more than the core."""
    (folder / "new.toml").write_text(OPEN.read_text("utf-8").replace('reply = "full"', 'reply = "core"'), "utf-8")
    return folder / "new.toml"


def test_one_changed_clause_is_told_in_words(comity: Run, tmp_path: Path):
    said = comity("law", "diff", OPEN, narrowed(tmp_path), "--samples", 50, "--seed", 3)
    assert (said.status, said.err) == (0, "")
    assert "art-1: reads otherwise" in said.out
    assert "50 drawn with seed 3" in said.out
    assert "full → core" in said.out


def test_a_text_with_itself_is_no_change_and_json_holds_the_turns(comity: Run, tmp_path: Path):
    assert "Not one of them is decided otherwise." in comity("law", "diff", OPEN, OPEN, "--samples", 10).out
    told = msgspec.json.decode(comity("law", "diff", OPEN, narrowed(tmp_path), "--samples", 10, "--json").out)
    assert [(one["turn"]["before"], one["turn"]["after"]) for one in told["turns"]] == [("full", "core")]


def test_a_lawyer_reads_what_one_changed_word_of_a_treaty_does(comity: Run, tmp_path: Path):
    """The border treaty tells the core of a person where it told all: its every line, as it is printed."""
    old = next(path for path in model_agreements() if path.stem == "aldova-bergenia-bilateral")
    (tmp_path / "new.toml").write_text(old.read_text("utf-8").replace('"full"', '"core"', 1), "utf-8")
    who = "Every party gives every other party"
    what = "records on persons for “wanted persons”, “locate”, “identify” and “criminal investigation”."
    assert comity("law", "diff", old, tmp_path / "new.toml", "--samples", 100).out.splitlines() == [
        "art-3: reads otherwise",
        f"  - {who} whole {what}",
        f"  + {who} the core data of {what}",
        "Asked: all 144 requests of the grid (2 parties, 2 categories, 6 purposes, 3 roles, 1 offence, 2 days) "
        "and 100 drawn with seed 1.",
        "Less is told: full → core, in 24 of the grid, 13 of those drawn",
        "    before by aldova-bergenia-bilateral art-3, now by aldova-bergenia-bilateral art-3",
        "    such as: Aldova asks Bergenia for persons, stating wanted-persons, as a duty officer, on 2023-09-01.",
    ]
