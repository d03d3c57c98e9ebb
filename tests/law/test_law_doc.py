"""docs/protocol/law.md lists every key of an instrument, and no other."""

import re

import pytest

from comity.domain.instrument import Clause, Example, Instrument
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "protocol" / "law.md").read_text("utf-8")
TABLES = {"key of the text": Instrument, "key of a clause": Clause, "key of an example": Example}


@pytest.mark.parametrize("head", TABLES)
def test_the_keys_are_those_that_are_read(head: str):
    table = PAGE[PAGE.index(f"| {head} |") :].split("\n\n")[0].splitlines()[2:]
    told = [key for row in table for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(told) == sorted(TABLES[head].__struct_fields__)
