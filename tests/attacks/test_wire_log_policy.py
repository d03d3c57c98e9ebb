"""Attacks on a policy: a witness that counts twice, half a witness, no quorum, lines that mean something else."""

from datetime import UTC, datetime

import pytest

from comity.domain.errors import Invalid, Refusal, TooLarge, Unproved
from comity.wire.checkpoint import verified, write
from comity.wire.cosignature import cosign, with_cosignatures
from comity.wire.log_policy import log_keys, quorum_of, read_policy
from comity.wire.merkle import root_at, subtrees_of
from tests.wire.cast import signer
from tests.wire.renew_golden import LEAVES, ORIGIN
from tests.wire.witnesses import witness

NAMES = ("aldova", "corvia", "dorvia", "hub")
WITNESSES = {name: witness(name) for name in NAMES}
BERGENIA = signer("bergenia")
CHECKPOINT = verified(write(ORIGIN, 7, root_at(7, subtrees_of(LEAVES)), BERGENIA, ORIGIN), ORIGIN, BERGENIA.public)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEYS = {
    f"{name}-{kind}": str(key)
    for name, one in WITNESSES.items()
    for kind, key in zip(("ed", "ml"), one.witness.keys, strict=True)
}
LOGS = "".join(f"log {key}\n" for key in log_keys(ORIGIN, BERGENIA.public))
BASE = LOGS + "".join(f"witness {name} {key}\n" for name, key in KEYS.items())
MEMBERS = "".join(f"group {name} all {name}-ed {name}-ml\n" for name in NAMES)
# Three regions, of which two must have seen it, each by any one of its members.
POLICY = f"""# of a federation
{BASE}{MEMBERS}
group one any\taldova corvia
group two any dorvia
group three any hub
  group regions 2 one two three
quorum regions
"""


def cosigned(*names: str) -> str:
    answers = [(cosign(CHECKPOINT, WITNESSES[name], NOW), WITNESSES[name].witness) for name in names]
    return with_cosignatures(CHECKPOINT.note, answers)


def policy(text: str = POLICY):
    return read_policy(text.encode())


@pytest.mark.parametrize("names", [("aldova", "dorvia"), ("corvia", "hub"), NAMES])
def test_a_quorum_of_regions_is_enough(names):
    seen = quorum_of(cosigned(*names), policy())
    assert seen == {f"{name}-{kind}": NOW for name in names for kind in ("ed", "ml")}


@pytest.mark.parametrize("names", [(), ("aldova",), ("aldova", "corvia")])
def test_two_of_one_region_are_not_two_regions(names):
    with pytest.raises(Unproved, match="not the quorum"):
        quorum_of(cosigned(*names), policy())


def test_half_a_witness_does_not_count():
    note = cosigned("aldova", "dorvia")
    without = "".join(line for line in note.splitlines(keepends=True) if "dorvia" not in line or len(line) > 1000)
    with pytest.raises(Unproved):
        quorum_of(without, policy())


def test_a_wrong_line_of_a_known_key_spoils_the_note():
    with pytest.raises(Refusal):
        quorum_of(cosigned(*NAMES).replace(ORIGIN, "bergenia/other", 1), policy())


def test_both_keys_of_a_log_are_named():
    assert policy().log(ORIGIN) == BERGENIA.public
    one, other = LOGS.splitlines(keepends=True)
    for text in (one, other, "", LOGS + f"log {log_keys(ORIGIN, signer('corvia').public)[0]}\n"):
        with pytest.raises(Invalid, match="both keys"):
            policy(text + "quorum none\n").log(ORIGIN)


def test_no_witness_may_be_asked_for():
    assert quorum_of(CHECKPOINT.note, policy("quorum none\n")) == {}


ED, ML = KEYS["aldova-ed"], KEYS["aldova-ml"]


@pytest.mark.parametrize(
    "text",
    [
        "",  # no quorum
        "quorum none\nquorum none\n",
        "quorum a\n",  # not named
        f"quorum a\nwitness a {ED}\n",  # named below
        f"witness a {ED}\nwitness a {ML}\nquorum a\n",
        f"witness a {ED}\nwitness b {ED}\nquorum a\n",  # one key twice
        f"witness a {ED}\nwitness b {ED.replace('aldova', 'corvia')}\nquorum a\n",
        f"witness none {ED}\nquorum none\n",
        f"witness a {ED}\ngroup g 2 a a\nquorum g\n",  # one member twice
        f"witness a {ED}\ngroup g any a\ngroup h any a\nquorum h\n",  # in two groups
        f"witness a {ED}\ngroup g 2 a\nquorum g\n",
        f"witness a {ED}\ngroup g 0 a\nquorum g\n",
        f"witness a {ED}\ngroup g 01 a\nquorum g\n",
        f"witness a {ED}\ngroup g most a\nquorum g\n",
        "group g any none\nquorum g\n",
        "group g any g\nquorum g\n",  # a circle
        "group g any\nquorum none\n",
        f"log {ED}\nlog {ED}\nquorum none\n",
        f"witness a {log_keys(ORIGIN, BERGENIA.public)[0]}\nquorum a\n",  # a key that signs no cosignatures
        "quorum none\nwitnesses many\n",
        "quorum none\x00\n",
        "Quorum none\n",
    ],
)  # fmt: skip
def test_a_policy_that_could_be_read_in_two_ways_is_refused(text: str):
    with pytest.raises(Invalid):
        policy(text)


def test_a_policy_has_an_end():
    with pytest.raises(TooLarge):
        read_policy(b"#" * (16 * 1024 * 1024 + 1))
