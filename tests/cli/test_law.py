"""`comity law replay`: refuses what is no decision; shows what comes out the same."""

from pathlib import Path

from tests.cli.conftest import Run


def test_an_entry_that_is_not_there_or_holds_no_decision_is_refused(comity: Run, aldova: Path):
    said = comity("law", "replay", "0", "--node", aldova)
    assert said.status != 0
    assert "Entry 0 holds no decision." in said.err
    assert "There is no entry 9999." in comity("law", "replay", "9999", "--node", aldova).err
