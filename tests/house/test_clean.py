"""The project speaks of police records and nothing else: no machine it once lay on, no registry, no workshop talk."""

import re
from codecs import decode
from collections.abc import Iterator

import pytest

from tests.house.source import ROOT, texts


def plain(*turned: str) -> tuple[str, ...]:
    """Words turned by thirteen letters, so that this file passes its own test."""
    return tuple(decode(word, "rot13") for word in turned)


FOLDERS = plain("jbex", "ebbg", "ubzr", "Hfref")
REGISTRIES = plain("clcv.bet", "clgubaubfgrq", "aczwf.bet", "aczwf.pbz", "pengrf.vb", "cebkl.tbynat")
WORKSHOP = plain(
    "YYZ",
    "YYZf",
    "Pynhqr",
    "TCG",
    "PungTCG",
    "Naguebcvp",
    "BcraNV",
    "Pbcvybg",
    "Trzvav",
    "ynathntr zbqry",
    "ntrag frffvba",
    "pbqvat ntrag",
    "fhontrag",
)
(SHORT,) = plain("NV")

FORBIDDEN = {
    # A path from the top of a disk: not part of a longer path, of an address, or of an XPath.
    "path of one machine": re.compile(rf"(?<![\w./\-}}~*])/(?:{'|'.join(FOLDERS)})/\w"),
    "registry": re.compile("|".join(map(re.escape, REGISTRIES))),
    # After a hyphen it is a first name (Jean-…).
    "workshop talk": re.compile(rf"(?<![\w-])(?:{'|'.join(WORKSHOP)})(?!\w)"),
    # In quotes these two letters are a country (Anguilla); the European act on them is law.
    "workshop talk, in short": re.compile(rf"(?<![\w\"'-]){SHORT}(?![\w\"']| Act)"),
}


def found(kind: str, text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if hit := FORBIDDEN[kind].search(line):
            yield number, hit[0]


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_file_tells_where_or_how_it_was_made(kind: str):
    told = [f"{path.relative_to(ROOT)}:{line}: {words}" for path, text in texts() for line, words in found(kind, text)]
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("kind", "turned"),
    [
        ("path of one machine", "frr /ebbg/abgrf.gkg"),
        ("path of one machine", 'pq "/ubzr/nqn/pbzvgl"'),
        ("registry", "uggcf://svyrf.clgubaubfgrq.bet/k"),
        ("workshop talk", "jevggra ol Pynhqr"),
        ("workshop talk", "na YYZ, gura"),
        ("workshop talk, in short", "znqr jvgu NV."),
    ],
)
def test_what_must_not_stand_there_is_seen(kind: str, turned: str):
    assert list(found(kind, *plain(turned)))


@pytest.mark.parametrize(
    "turned",
    ["Wrna-Pynhqr Qhcbag", '("NV", "NVN", "Nathvyyn")', "haqre gur NV Npg", "//ebbg/vgrz", "grnzjbex/k/l"],
)
def test_what_may_stand_there_is_left_alone(turned: str):
    assert not [kind for kind in FORBIDDEN if list(found(kind, *plain(turned)))]
