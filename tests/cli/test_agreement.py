"""`comity agreement`: law is signed, shown, proposed, published and withdrawn by command."""

import shutil
from pathlib import Path

import msgspec
import pytest

from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.cli.conftest import Run
from tests.desks.test_bundles import NATIONAL, TREATY


@pytest.fixture
def folder(furnished: Path, tmp_path: Path) -> Path:
    shutil.copytree(furnished, tmp_path / "federation")
    (tmp_path / "treaty.toml").write_bytes(TREATY)
    (tmp_path / "law.toml").write_bytes(NATIONAL)
    return tmp_path


def carried(folder: Path) -> None:
    """As the nodes would do while they run."""
    federation = Federation(folder / "federation")
    federation.post()
    federation.follow()
    federation.close()


def test_an_agreement_is_published_shown_signed_listed_and_withdrawn(comity: Run, folder: Path):
    aldova, bergenia = (folder / "federation" / node for node in (ALDOVA, BERGENIA))
    said = comity("agreement", "publish", folder / "treaty.toml", "--node", aldova)
    assert "treaty version 1: signed, on its way to the hub" in said.out
    digest = said.out.split()[0]
    carried(folder)
    proposed = comity("agreement", "proposals", "--node", bergenia)
    assert f"proposed by aldova; to sign it: comity agreement sign {digest}" in proposed.out
    shown = comity("agreement", "show", digest, "--node", bergenia).out
    assert "signed by aldova; not by bergenia" in shown
    assert TREATY.decode().strip() in shown
    assert comity("agreement", "sign", digest, "--node", bergenia).status == 0
    assert comity("agreement", "sign", digest, "--node", bergenia).status == 5
    carried(folder)
    for node in (aldova, bergenia, folder / "federation" / HUB):
        assert "2 of 2" in _line(comity("agreement", "list", "--node", node).out, "treaty")
    listed = msgspec.json.decode(comity("agreement", "list", "--json", "--node", aldova).out)
    assert ["aldova", "bergenia"] in [one.get("signed") for one in listed]
    ended = comity("agreement", "withdraw", "treaty", "--node", bergenia, "--reason", "Denounced")
    assert "withdrawal from treaty version 1" in ended.out
    carried(folder)
    assert "ended for XB" in comity("agreement", "list", "--node", aldova).out
    proposals = msgspec.json.decode(comity("agreement", "proposals", "--json", "--node", bergenia).out)
    assert {one["state"] for one in proposals} == {"published"}


def _line(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if name in line)


def test_several_texts_go_by_one_name_and_a_last_day(comity: Run, folder: Path):
    bergenia = folder / "federation" / BERGENIA
    second = folder / "second.toml"
    second.write_bytes(NATIONAL.replace(b'"law-of-bergenia"', b'"second-law"'))
    both = (folder / "law.toml", second)
    options = ("--id", "laws-of-bergenia", "--until", "2027-12-31", "--from", "2026-01-01")
    assert comity("agreement", "publish", *both, "--node", bergenia, *options).status == 0
    digest = comity("agreement", "proposals", "--node", bergenia).out.splitlines()[-1].split()[0]
    shown = comity("agreement", "show", digest, "--node", bergenia).out
    assert "2026-01-01 to 2027-12-31" in shown
    assert "second-law" in shown


def test_the_organisation_publishes_its_rulebook(comity: Run, folder: Path):
    hub = folder / "federation" / HUB
    rules = folder / "rules.toml"
    rules.write_bytes(NATIONAL.replace(b'"law-of-bergenia"', b'"rules"').replace(b"national-law", b"organisation"))
    own = folder / "rulebook"
    assert comity("law", "rulebook", own).status == 0
    obligations = own / "obligations.toml"
    obligations.write_text(
        obligations.read_text() + '\n[tell-the-king]\ntext = "Tell the king."\nsource = "Fictitious"\n'
    )
    assert comity("agreement", "publish", rules, "--rulebook", own, "--node", hub).status == 0
    assert comity("law", "rulebook", folder / "in-use", "--node", hub).status == 0
    assert "[tell-the-king]" in (folder / "in-use" / "obligations.toml").read_text()
    assert comity("law", "rulebook", own).status == 5, "never over what is there"
    treaty = folder / "owing.toml"
    treaty.write_bytes((folder / "treaty.toml").read_bytes() + b'obligations = ["tell-the-king"]\n')
    assert comity("law", "check", treaty).status == 2
    assert comity("law", "check", treaty, "--rulebook", own).status == 0
    refused = comity("agreement", "publish", rules, "--node", folder / "federation" / ALDOVA)
    assert refused.status in (3, 5)


def test_nothing_is_adopted_by_hand_where_law_is_published(comity: Run, folder: Path):
    said = comity("agreement", "adopt", folder / "treaty.toml", "--node", folder / "federation" / ALDOVA)
    assert said.status == 5
    assert "comity agreement publish" in said.err
