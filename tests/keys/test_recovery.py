"""Two of three open the package, one of three learns nothing, and a release serves one recovery alone."""

import pytest

from comity.domain.errors import Conflict, Invalid, NotPermitted, Refusal
from comity.keys.custody import new_custodian, open_custodian, read_card, write_card
from comity.keys.recovery import begin, read_package, read_request, recovered, release, seal_package
from comity.wire.age import Recipient
from comity.wire.canonical import encode
from tests.keys.custodians import keys_of

PASSPHRASE = "a passphrase of several words"
FILES = {"keys/node.json": b"secret seeds", "comity.toml": b"[node]"}
KEYS = {name: keys_of(name) for name in ("anna", "boris", "clara", "doris")}
CARDS = [KEYS[name].card for name in ("anna", "boris", "clara")]
PACKAGE = read_package(seal_package("aldova", FILES, CARDS, 2))


def releases(request: bytes, *names: str, package=PACKAGE) -> list[bytes]:
    return [given(package, request, KEYS[name]) for name in names]


def given(package, request: bytes, keys) -> bytes:
    asked = read_request(request)
    return release(package, asked, keys, Recipient.parse(asked.recipient).key_id)


def test_a_custodians_file_opens_with_its_passphrase_alone():
    file, keys = new_custodian("anna", PASSPHRASE)
    assert open_custodian(file, PASSPHRASE).card == keys.card
    with pytest.raises(NotPermitted):
        open_custodian(file, "another passphrase")
    assert read_card(write_card(keys.card)) == keys.card


@pytest.mark.parametrize(
    "names", [("anna", "boris"), ("clara", "anna"), ("boris", "clara"), ("anna", "boris", "clara")]
)
def test_any_two_of_three_recover_everything(names: tuple[str, ...]):
    once, request = begin(PACKAGE)
    assert recovered(PACKAGE, once, releases(request, *names)) == FILES


@pytest.mark.parametrize("names", [(), ("anna",), ("anna", "anna")])
def test_fewer_than_two_recover_nothing(names: tuple[str, ...]):
    once, request = begin(PACKAGE)
    with pytest.raises(NotPermitted, match="2 must"):
        recovered(PACKAGE, once, releases(request, *names))


def test_three_of_five_and_one_of_one():
    five = [keys_of(f"c-{n}") for n in range(5)]
    package = read_package(seal_package("aldova", FILES, [one.card for one in five], 3))
    once, request = begin(package)
    three = [given(package, request, five[n]) for n in (4, 0, 2)]
    assert recovered(package, once, three) == FILES
    with pytest.raises(NotPermitted):
        recovered(package, once, three[:2])
    alone = read_package(seal_package("aldova", FILES, CARDS[:1], 1))
    once, request = begin(alone)
    assert recovered(alone, once, releases(request, "anna", package=alone)) == FILES
    with pytest.raises(Invalid):
        seal_package("aldova", FILES, CARDS, 4)


def test_whoever_is_no_custodian_releases_nothing():
    _, request = begin(PACKAGE)
    with pytest.raises(NotPermitted, match="sealed to doris"):
        releases(request, "doris")


def test_a_release_is_for_whoever_asked_and_for_this_package_alone():
    once, request = begin(PACKAGE)
    stranger, _ = begin(PACKAGE)
    two = releases(request, "anna", "boris")
    with pytest.raises(Refusal):
        recovered(PACKAGE, stranger, two)
    other = read_package(seal_package("aldova", FILES, CARDS, 2))
    with pytest.raises(Conflict, match="another package"):
        recovered(other, once, two)
    with pytest.raises(Conflict, match="another package"):
        releases(request, "anna", package=other)


def test_a_request_that_was_changed_on_its_way_gets_nothing():
    once, _ = begin(PACKAGE)
    _, of_mallory = begin(PACKAGE)
    with pytest.raises(NotPermitted, match="not the key that was read"):
        release(PACKAGE, read_request(of_mallory), KEYS["anna"], once.recipient.key_id)


def test_pads_of_another_package_under_this_ones_name_are_refused():
    """As somebody would who wants a custodian to unseal an old package for them."""
    old = read_package(seal_package("aldova", {"old": b"old"}, CARDS, 2))
    forged = read_package(encode({**_plain(PACKAGE), "groups": _plain(old)["groups"]}))
    _, request = begin(forged)
    with pytest.raises(Invalid, match="another package"):
        releases(request, "anna", package=forged)


def _plain(package) -> dict:
    return {name: getattr(package, name) for name in package.__struct_fields__}


def test_nothing_of_the_files_lies_open_in_the_package():
    data = encode(PACKAGE)
    assert b"secret seeds" not in data
    assert b"node.json" not in data
