"""`comity law render`: prints the instrument in plain words, or says what is wrong with its text."""

from pathlib import Path

from comity.law.shipped import model_agreements
from tests.cli.conftest import Run


def test_an_instrument_is_read_aloud(comity: Run):
    said = comity("law", "render", model_agreements()[0])
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("# ")
    assert "The receiver owes this:" in said.out


def test_a_text_that_is_no_instrument_is_refused_with_its_line(comity: Run, tmp_path: Path):
    (tmp_path / "treaty.toml").write_text('id = "treaty"\nparties = "XA"\n', "utf-8")
    said = comity("law", "render", tmp_path / "treaty.toml")
    assert said.status == 2
    assert "treaty.toml line" in said.err
