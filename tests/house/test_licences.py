"""Whatever Comity runs on may be used, changed and passed on by every police: its licence asks for credit only."""

import re
from importlib.metadata import Distribution, distribution

import pytest

from tests.house.locks import for_this_machine

PERMISSIVE = {
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "Apache Software License",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD 3-Clause License",
    "ISC License (ISCL)",
    "MIT",
    "MIT-0",
    "MIT License",
    "OLDAP-2.8",
    "PSF-2.0",
}

# Packages whose description names no licence, and the title of the licence file that they carry.
TITLE_OF_FILE = {"cedarpy": "Apache License"}


def licences(package: Distribution) -> set[str]:
    """What the package names: an SPDX expression, or classifiers, or free text, in this order of trust."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return set(re.split(r" AND | OR ", expression.replace("(", "").replace(")", "")))
    classified = {text.rpartition(" :: ")[2] for text in told.get_all("Classifier") or [] if text.startswith("License")}
    return classified or ({told.get("License")} - {None, ""})


def carried(package: Distribution) -> str:
    return "".join(file.read_text() for file in package.files or [] if file.name == "LICENSE")


@pytest.mark.parametrize("name", for_this_machine("run.lock"))
def test_what_runs_is_permissively_licensed(name: str):
    package = distribution(name)
    if title := TITLE_OF_FILE.get(name):
        assert carried(package).lstrip().startswith(title)
    else:
        assert licences(package), f"{name} names no licence: read its licence file and add it to TITLE_OF_FILE"
        assert licences(package) <= PERMISSIVE
