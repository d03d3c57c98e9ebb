"""Making a node: whole or not at all, for its own account alone; and what an invitation is for."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from comity.domain.bureau import NodeRole
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.nodes import enrolment
from comity.nodes.enrolment import own_manifest
from comity.nodes.node import Node
from comity.nodes.settings import FederationSettings, OfficerSettings, read_settings
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.pair import Signer
from tests.federation.conftest import founded
from tests.nodes.conftest import made, settings_of_aldova

__all__ = ["founded"]


def test_only_its_own_account_can_read_anything_of_a_node(tmp_path: Path):
    before = os.umask(0o000)
    try:
        made(tmp_path / "aldova")
    finally:
        os.umask(before)
    paths = [tmp_path / "aldova", *(tmp_path / "aldova").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}


def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path):
    (tmp_path / "aldova").mkdir(mode=0o755)
    made(tmp_path / "aldova")
    assert stat.S_IMODE((tmp_path / "aldova").stat().st_mode) == 0o700


def test_a_node_is_never_written_over(aldova: Path):
    with pytest.raises(Conflict, match="There is a node"):
        made(aldova)


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "keys").mkdir()
    with pytest.raises(Conflict, match="may be removed"):
        made(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("broken", ["signed_manifest", "verified_manifest", "Database"])
def test_what_was_begun_and_broke_off_can_be_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(enrolment, broken, interrupted)
        with pytest.raises(KeyboardInterrupt):
            made(tmp_path / "aldova")
    assert list((tmp_path / "aldova").iterdir()) == []
    made(tmp_path / "aldova")
    Node(tmp_path / "aldova").close()


@pytest.mark.parametrize(
    "address", ["http://a:1", "https://a", "https://:1", "https://0.0.0.0:7701", "https://[::]:7701"]
)
def test_an_address_at_which_nobody_can_reach_it_is_refused_before_anything_is_made(tmp_path: Path, address: str):
    settings = msgspec.structs.replace(settings_of_aldova(), federation=FederationSettings(address=address))
    with pytest.raises(Invalid, match="no address"):
        made(tmp_path / "aldova", settings)
    assert not (tmp_path / "aldova").exists()


def test_settings_that_could_not_be_read_back_are_refused_before_anything_is_made(tmp_path: Path):
    settings = msgspec.structs.replace(settings_of_aldova(), officer=OfficerSettings(port=65_536))
    with pytest.raises(Invalid, match="officer"):
        made(tmp_path / "aldova", settings)
    assert not (tmp_path / "aldova").exists()


def test_what_is_written_is_read_back(tmp_path: Path):
    settings = settings_of_aldova(name='Aldova "the old"', contact="duty \\ desk, Zürich")
    made(tmp_path / "aldova", settings)
    assert read_settings(tmp_path / "aldova") == settings


def test_a_manifest_that_is_gone_or_damaged_is_named(tmp_path: Path):
    with pytest.raises(Missing, match="manifest"):
        own_manifest(tmp_path)
    (tmp_path / "manifest.jws").write_bytes(b"\xff")
    with pytest.raises(Invalid, match="damaged"):
        own_manifest(tmp_path)


# -- the ceremony -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def standing(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """What is refused leaves it as it was."""
    folder = tmp_path_factory.mktemp("standing") / "federation"
    shutil.copytree(founded, folder)
    opened = Federation(folder)
    yield opened
    opened.close()


def invitation(federation: Federation, node: str, country: str) -> bytes:
    """As a hub would write it that had not let the bureau in before."""
    hub = federation[HUB]
    return enrolment.write_invitation(
        hub.signed_manifest, node, country, "c" * 22, federation.time().replace(year=2999), hub.keys.node
    )


def join(federation: Federation, bureau: str, invited: bytes, heard: str, root: Signer | None = None) -> bytes:
    node = federation[bureau]
    return enrolment.membership_request(
        node.folder, node.members, invited, heard, root, federation.time(), node.operator("test")
    )


def test_an_invitation_is_for_one_country(standing: Federation):
    with pytest.raises(Conflict, match="not for corvia of XC"):
        join(standing, CORVIA, invitation(standing, CORVIA, "XB"), standing[HUB].fingerprint)


def test_a_bureau_joins_with_its_root_key_at_hand_alone(standing: Federation):
    with pytest.raises(Conflict, match="root key is not here"):
        join(standing, ALDOVA, invitation(standing, ALDOVA, "XA"), standing[HUB].fingerprint, root=None)


@pytest.mark.parametrize("heard", ["", " ", "aldova"])
def test_a_bureau_comes_in_by_the_fingerprint_that_was_heard(standing: Federation, heard: str):
    bergenia, hub = standing[BERGENIA], standing[HUB]
    request = enrolment.write_request(bergenia.signed_manifest, "c" * 22, bergenia.keys.root)
    with pytest.raises(NotPermitted, match="Do not approve"):
        enrolment.admitted(hub.members, request, heard, hub.operator("test"))
    with pytest.raises(NotPermitted, match="Do not join"):
        join(standing, CORVIA, invitation(standing, CORVIA, "XC"), heard, standing[CORVIA].keys.root)


def test_a_hub_is_made_with_its_first_directory_and_a_bureau_with_none(tmp_path: Path, aldova: Path):
    made(tmp_path / "hub", settings_of_aldova(id="hub", role=NodeRole.HUB, country=""))
    for folder, members in ((tmp_path / "hub", ["hub"]), (aldova, [])):
        node = Node(folder)
        directory = node.directory()
        assert [one.id for one in directory.members] == members if directory else members == []
        node.close()
