"""The rulebook, the model agreements and the models come along when the package is installed."""

import subprocess
import sys
import zipfile

import pytest

from tests.house.source import ROOT

TRIAL = """
from pathlib import Path
from comity.law import shipped
from comity.law.instruments import check, read_instrument
from comity.law.rulebook import shipped_rulebook
print(shipped.__file__)
print(shipped.folder("rulebook"))
texts = [(path.read_bytes(), path.name) for path in [*shipped.model_agreements(), *shipped.models()]]
print(len(shipped_rulebook().purposes), [check(read_instrument(*text)) for text in texts])
"""


@pytest.mark.slow
def test_a_wheel_brings_them_along(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    ran = subprocess.run(
        [sys.executable, "-c", TRIAL],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    code, rules, found = ran.stdout.splitlines()
    assert code.startswith(str(tmp_path / "installed"))
    assert rules == str(tmp_path / "installed" / "comity" / "rulebook")
    assert found == f"9 {[[]] * 10}"
