"""`comity law check`: complaints and remarks with file and line, and an exit status that a script can read."""

from pathlib import Path

from comity.law.shipped import model_agreements
from tests.cli.conftest import Run

OPEN = Path(__file__).parent / "accept" / "open-treaty.toml"
CLAUSE = '\n[[clauses]]\nid = "art-2"\ntitle = "Persons"\neffect = "permit"\ntext = "Persons too."\n'


def test_sound_texts_pass(comity: Run):
    said = comity("law", "check", *model_agreements())
    assert said.status == 0
    assert said.out.count("0 complaints, 0 remarks") == len(model_agreements())


def test_a_clause_that_changes_nothing_is_remarked_with_its_line(comity: Run, tmp_path: Path):
    text = OPEN.read_text("utf-8") + CLAUSE + 'categories = ["persons"]\nreply = "hit"\n'
    (tmp_path / "treaty.toml").write_text(text, "utf-8")
    said = comity("law", "check", tmp_path / "treaty.toml")
    line = text.split("\n").index("[[clauses]]", text.split("\n").index("[[clauses]]") + 1) + 1
    assert said.status == 0
    assert f"remark: treaty.toml line {line}: art-2: it changes nothing" in said.out
    assert comity("law", "check", "--strict", tmp_path / "treaty.toml").status == 2


def test_every_file_is_looked_at_and_any_complaint_fails(comity: Run, tmp_path: Path):
    (tmp_path / "contradiction.toml").write_text(OPEN.read_text("utf-8") + CLAUSE.replace("permit", "forbid"), "utf-8")
    (tmp_path / "broken.toml").write_text("id = 3\n", "utf-8")
    said = comity("law", "check", tmp_path / "broken.toml", tmp_path / "contradiction.toml", OPEN)
    assert said.status == 2
    assert "broken.toml line 1" in said.out
    assert "contradiction.toml line" in said.out
    assert "art-2 forbids all that it permits" in said.out
    assert "open-treaty.toml: 1 clause, 0 examples, 0 complaints, 1 remark" in said.out
    assert comity("agreement", "check", OPEN).status == 0
