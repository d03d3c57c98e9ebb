"""`comity law diff`: one changed clause, told in words, with the decisions that it changes."""

from pathlib import Path

import msgspec

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
