"""Whose cosignatures a note has room for."""

from comity.domain.bureau import Member
from comity.peers.witnesses import spread
from tests.wire.cast import HUB, manifest, member


def of(name: str, country: str) -> Member:
    return member(manifest(name, country))


def test_each_region_comes_first_once():
    members = [
        of("aldova", "XA"),
        of("bergenia", "XB"),
        of("dorvia", "EE"),
        of("corvia", "XC"),
        member(HUB),
        of("kilima", "KE"),
    ]
    assert [one.id for one in spread(members)] == ["aldova", "corvia", "hub", "kilima", "bergenia", "dorvia"]
