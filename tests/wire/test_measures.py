"""Measures beside the directory: bound to its very bytes, and what is not known in them is suspension."""

from datetime import date
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.bureau import Directory, Measure, Standing
from comity.domain.errors import Conflict, Invalid, Unauthenticated
from comity.wire.canonical import decode, encode
from comity.wire.directory import digest, signed_directory, verified_directory
from comity.wire.measures import signed_measures, with_measures
from comity.wire.signed import MEASURES, sign, verified
from tests.wire.cast import NOW, directory, signer

HUB_KEYS = signer("hub")
TODAY = NOW.date()


def measure(**fields: Any) -> Measure:
    told: dict[str, Any] = {
        "id": "m-1",
        "member": "aldova",
        "standing": Standing.RESTRICTED,
        "reason": "too many",
        "decided_by": "legal office",
        "first_day": TODAY,
        "categories": ("persons",),
    }
    return Measure(**{**told, **fields})


def measured(*measures: Measure) -> Directory:
    plain = directory()
    members = tuple(
        msgspec.structs.replace(
            one,
            standing=Standing.SUSPENDED,
            reason="restricted: too many",
            measures=tuple(each for each in measures if each.member == one.id),
        )
        if one.id == "aldova"
        else one
        for one in plain.members
    )
    return msgspec.structs.replace(plain, members=members)


def read(of: Directory, signed: bytes, data: bytes) -> Directory:
    bare = msgspec.structs.replace(of, members=tuple(msgspec.structs.replace(m, measures=()) for m in of.members))
    return with_measures(bare, signed, data, HUB_KEYS.public)


def said(of: Directory, *measures: dict[str, Any], **changes: Any) -> tuple[bytes, bytes]:
    """Whatever a hub of a later release, or a hostile one, may say."""
    signed = signed_directory(of, HUB_KEYS)
    payload = {"hub": of.hub, "version": of.version, "directory": digest(signed), "measures": measures, **changes}
    return signed, sign(encode(payload), MEASURES, HUB_KEYS)


def test_what_the_hub_signed_is_what_is_read():
    of = measured(
        measure(), measure(id="m-2", standing=Standing.SUPERVISED, categories=(), last_day=date(2031, 12, 31))
    )
    signed = signed_directory(of, HUB_KEYS)
    assert read(of, signed, signed_measures(of, signed, HUB_KEYS)) == of


def test_a_node_of_an_earlier_release_reads_suspended_and_nothing_it_does_not_know():
    signed = signed_directory(measured(measure()), HUB_KEYS)
    payload = decode(verified(signed, "comity.directory", HUB_KEYS.public), dict, "directory")
    assert {tuple(sorted(line)) for line in payload["members"]} == {("reason", "signed_manifest", "standing")}
    aldova = verified_directory(signed, HUB_KEYS.public, None, "", NOW).member("aldova")
    assert (aldova.standing, aldova.stands(TODAY)) == (Standing.SUSPENDED, Standing.SUSPENDED)


def test_measures_go_with_one_directory_and_no_other():
    of = measured(measure())
    signed = signed_directory(of, HUB_KEYS)
    data = signed_measures(of, signed, HUB_KEYS)
    later = msgspec.structs.replace(of, version=2)
    with pytest.raises(Conflict, match="another directory"):
        read(later, signed, data)
    with pytest.raises(Conflict, match="another directory"):
        read(of, signed_directory(of, HUB_KEYS), data)  # other signatures, other bytes


def test_only_the_hub_says_them():
    of = measured(measure())
    signed = signed_directory(of, HUB_KEYS)
    with pytest.raises(Unauthenticated):
        read(of, signed, signed_measures(of, signed, signer("bergenia")))


@pytest.mark.parametrize(
    "changes",
    [
        {"standing": "watched"},
        {"standing": "active"},
        {"standing": 7},
        {"only_at_night": True},
        {"last_day": "some day"},
        {"reason": ""},
        {"reason": "x" * (limits.TEXT_CHARS_MAX + 1)},
    ],
)
def test_what_this_release_does_not_know_is_suspension(changes):
    of = measured(measure())
    one = {**msgspec.to_builtins(measure()), **changes}
    found = read(of, *said(of, one)).member("aldova")
    assert found.stands(TODAY) is Standing.SUSPENDED
    assert found.measure(TODAY).reason


def test_one_that_is_not_known_does_not_hide_the_others():
    of = measured(measure())
    strange = {**msgspec.to_builtins(measure(id="m-2", member="bergenia")), "standing": "watched"}
    found = read(of, *said(of, msgspec.to_builtins(measure()), strange))
    assert found.member("aldova").measures == (measure(),)
    assert found.member("bergenia").stands(TODAY) is Standing.SUSPENDED


def test_measures_against_nobody_and_too_many_are_refused():
    of = measured()
    with pytest.raises(Invalid, match="no member"):
        read(of, *said(of, msgspec.to_builtins(measure(member="nowhere"))))
    many = [msgspec.to_builtins(measure(id=f"m-{number}")) for number in range(limits.MEASURES_PER_MEMBER_MAX + 1)]
    with pytest.raises(Invalid, match="more than"):
        read(of, *said(of, *many))


def test_a_category_of_a_later_release_restricts_nothing_here():
    of = measured(measure(categories=("persons", "dreams")))
    signed = signed_directory(of, HUB_KEYS)
    aldova = read(of, signed, signed_measures(of, signed, HUB_KEYS)).member("aldova")
    assert aldova.stands(TODAY, "persons") is Standing.RESTRICTED
    assert aldova.stands(TODAY, "vehicles") is Standing.ACTIVE
