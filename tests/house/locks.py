"""What the tests of dependencies read: the locks, and what pyproject.toml asks for."""

import re
import tomllib
from functools import cache

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT

PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)(?: ; (?P<where>.+?))? \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?")


@cache
def lines(lock: str) -> list[str]:
    return (ROOT / "requirements" / lock).read_text("utf-8").splitlines()


def pins(lock: str) -> dict[str, tuple[str, str]]:
    """What the lock names: the version of each package, and the machines it is for (empty: all)."""
    found = [pin for line in lines(lock) if (pin := PIN.fullmatch(line))]
    return {canonicalize_name(pin["name"]): (pin["version"], pin["where"] or "") for pin in found}


def for_this_machine(lock: str) -> list[str]:
    return [name for name, (_, where) in pins(lock).items() if not where or Marker(where).evaluate()]


def project() -> str:
    return (ROOT / "pyproject.toml").read_text("utf-8")


def asked_for() -> dict[str, list[Requirement]]:
    """By lock, what pyproject.toml asks for."""
    told = tomllib.loads(project())
    run, groups = told["project"]["dependencies"], told["dependency-groups"]
    build = groups["build"]
    dev = [text for text in groups["dev"] if text != {"include-group": "build"}]
    extras = told["project"]["optional-dependencies"]
    extra = extras["linkage"] + extras["misuse"] + extras["s3"]
    spark = extras["linkage-spark"] + groups["spark"]
    every = run + build + dev + extra
    asked = {"run.lock": run, "build.lock": build, "dev.lock": every, "spark.lock": every + spark}
    return {lock: [Requirement(text) for text in texts] for lock, texts in asked.items()}
