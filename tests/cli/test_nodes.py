"""Operators' commands on a node's folder: members, accounts, agreements, records, journal."""

import json
import stat
from pathlib import Path

import pytest

from comity.client.profile import read_profile
from comity.desks.records import Records
from comity.domain import limits
from comity.formats import jsonlines
from comity.law.shipped import model_agreements
from comity.nodes.node import Node
from tests.cli.conftest import Run, Said

PASSPORT = {"reference": "N-1", "subject": {"kind": "document", "number": "BX1", "country": "XBE", "fraud": "stolen"}}


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def fingerprint(comity: Run, node: Path) -> str:
    return str(json.loads(comity("node", "show", node, "--json").out)["fingerprint"])


def confirmed(comity: Run, hub: Path, token: Path, verb: str, member: str, reason: str) -> Said:
    """A measure proposed by the operator and confirmed by somebody else with their own token."""
    said = comity("member", verb, member, "--node", hub, "--reason", reason, "--decided-by", "legal office")
    if said.status:
        return said
    measure = said.out.split()[2].rstrip(";")
    return comity("member", "confirm", measure, "--node", hub, "--token", token)


@pytest.fixture
def lea(comity: Run, hub: Path, tmp_path: Path) -> Path:
    """The token of a reviewer at the hub."""
    comity("account", "open", "lea", "--role", "reviewer", "--unit", "legal office", "--node", hub)
    assert comity("account", "token", "lea", "--save", tmp_path / "lea.toml", "--node", hub).status == 0
    return tmp_path / "lea.toml"


def test_a_bureau_comes_in_by_three_commands(comity: Run, hub: Path, aldova: Path, lea: Path, tmp_path: Path):
    invitation, request = tmp_path / "invitation", tmp_path / "request"
    said = comity("member", "invite", "aldova", "--node", hub, "--country", "xa", "--out", invitation)
    assert fingerprint(comity, hub) in said.out
    assert "invited: aldova" in comity("member", "list", "--node", hub).out
    joined = ("member", "join", invitation, "--node", aldova, "--out", request, "--fingerprint")
    assert comity(*joined, fingerprint(comity, aldova)).status == 3
    assert not request.exists()
    assert comity(*joined, fingerprint(comity, hub)).status == 0
    approved = comity("member", "approve", request, "--node", hub, "--fingerprint", fingerprint(comity, aldova))
    assert "hub, aldova" in approved.out
    assert confirmed(comity, hub, lea, "suspend", "aldova", "[red]\x1b[2J").status == 0
    assert "suspended ([red]�[2J)" in comity("member", "list", "--node", hub).out
    assert "[red]�[2J" in comity("member", "measures", "aldova", "--node", hub).out
    assert confirmed(comity, hub, lea, "restore", "aldova", "").status == 2
    assert confirmed(comity, hub, lea, "restore", "aldova", "paid").status == 0
    assert "No directory" in comity("member", "list", "--node", aldova).out


def test_a_file_that_is_there_stops_the_ceremony_before_anything_is_done(comity: Run, hub: Path, tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    said = comity("member", "invite", "corvia", "--node", hub, "--country", "XC", "--out", tmp_path / "out")
    assert (said.status, (tmp_path / "out").read_text()) == (5, "mine")
    assert "corvia" not in comity("member", "list", "--node", hub).out


def test_a_token_is_printed_alone_or_saved_as_a_profile(comity: Run, bergenia: Path, tmp_path: Path):
    said = comity("account", "token", "ben", "--node", bergenia)
    assert said.out.startswith("comity_")
    assert len(said.out.splitlines()) == 1
    save = tmp_path / "ben.toml"
    for _ in range(2):  # a later token takes the earlier one's place
        assert comity("account", "token", "ben", "--node", bergenia, "--save", save).status == 0
    assert stat.S_IMODE(save.stat().st_mode) == 0o600
    assert read_profile(save).url == "https://127.0.0.1:7702"
    (tmp_path / "key").write_text("a private key")
    assert comity("account", "token", "ben", "--node", bergenia, "--save", tmp_path / "key").status == 5
    assert (tmp_path / "key").read_text() == "a private key"
    assert comity("account", "token", "ben", "--node", bergenia, "--minutes", "721").status == 2


def test_a_profile_of_a_door_that_listens_everywhere_names_the_nodes_own_address(
    comity: Run, bergenia: Path, tmp_path: Path
):
    settings = bergenia / "comity.toml"
    text = settings.read_text("utf-8").replace('[officer]\nhost = "127.0.0.1"', '[officer]\nhost = "::"')
    settings.write_text(text, "utf-8")
    comity("account", "token", "ben", "--node", bergenia, "--save", tmp_path / "ben.toml")
    assert read_profile(tmp_path / "ben.toml").url == "https://127.0.0.1:7702"


def test_accounts_are_opened_listed_suspended_and_restored(comity: Run, aldova: Path):
    opened = ("account", "open", "ada", "--node", aldova, "--unit", "[b]border[/b]", "--role", "officer")
    assert "ada opened (officer)" in comity(*opened).out
    assert comity(*opened).status == 5
    assert "[b]border[/b]" in comity("account", "list", "--node", aldova).out
    assert comity("account", "suspend", "ada", "--node", aldova, "--reason", "left").status == 0
    assert "suspended" in comity("account", "list", "--node", aldova).out
    assert comity("account", "restore", "ada", "--node", aldova, "--reason", "").status == 2
    assert comity("account", "restore", "ada", "--node", aldova, "--reason", "back").status == 0


def test_agreements_are_checked_adopted_and_listed(comity: Run, aldova: Path, tmp_path: Path):
    path = model_agreements()[0]
    assert "0 complaints" in comity("agreement", "check", path).out
    assert "None" in comity("agreement", "list", "--node", aldova).out
    assert "aldova acts under" in comity("agreement", "adopt", path, "--node", aldova).out
    listed = comity("agreement", "list", "--node", aldova).out
    assert path.stem[:12] in listed
    assert "nobody" in listed
    bad = tmp_path / "bad.toml"
    bad.write_bytes(path.read_bytes().replace(b'expect = "refused"', b'expect = "full"'))
    assert comity("agreement", "check", bad).status == 2
    assert comity("agreement", "adopt", bad, "--node", aldova).status == 2


def test_a_file_is_read_in_once_and_refused_rows_are_told_beside_the_result(
    comity: Run, bergenia: Path, tmp_path: Path
):
    file = lines(tmp_path / "a.jsonl", PASSPORT, "no json", {**PASSPORT, "reference": "N-2", "subject": {"kind": "x"}})
    said = comity("records", "import", file, "--node", bergenia, "--collection", "sltd")
    assert (said.status, "1 new, 0 amended, 0 unchanged, 2 refused" in said.out) == (0, True)
    assert [line.split(":")[0] for line in said.err.splitlines() if line.startswith("line")] == ["line 2", "line 3"]
    import_id = said.out.split()[1].rstrip(":")
    assert comity("records", "refused", import_id, "--node", bergenia).out.startswith("line 2: ")
    again = comity("records", "import", file, "--node", bergenia, "--collection", "sltd")
    assert "nothing is left to do" in again.out
    anew = comity("records", "import", file, "--node", bergenia, "--collection", "sltd", "--again")
    assert "0 new, 0 amended, 1 unchanged, 2 refused" in anew.out
    assert len(comity("records", "refused", import_id, "--node", bergenia).out.splitlines()) == 2


def test_an_import_that_is_cut_by_ctrl_c_goes_on_where_it_was(
    comity: Run, bergenia: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "IMPORT_ROWS_PER_TRANSACTION", 2)
    subject = PASSPORT["subject"]
    rows = [{"reference": f"N-{n}", "subject": {**subject, "number": f"BX{n}"}} for n in range(1, 8)]  # type: ignore[dict-item]
    file = lines(tmp_path / "a.jsonl", *rows)
    enter_batch = Records._enter_batch
    batches: list[int] = []

    def cut(*args: object) -> object:
        batches.append(1)
        if len(batches) == 3:
            raise KeyboardInterrupt
        return enter_batch(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(Records, "_enter_batch", cut)
    words = ("records", "import", file, "--node", bergenia, "--collection", "sltd")
    assert comity(*words).status == 130
    said = comity(*words)
    assert "going on at line 5" in said.out
    assert "7 new" in said.out


def test_own_records_are_shown_withdrawn_and_written_to_a_file_for_this_account_alone(
    comity: Run, bergenia: Path, tmp_path: Path
):
    shown = comity("records", "show", "P-1", "--node", bergenia, "--collection", "nominals")
    assert json.loads(shown.out)["header"]["reference"] == "P-1"
    out = tmp_path / "out.jsonl"
    exported = ("records", "export", "--node", bergenia, "--collection", "nominals", "--out", out)
    assert "1 records written" in comity(*exported).out
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [row.reference for row in jsonlines.read(out)] == ["P-1"]
    assert comity(*exported).status == 5
    withdrawn = ("records", "withdraw", "P-1", "--node", bergenia, "--collection", "nominals", "--reason", "recovered")
    assert comity(*withdrawn).status == 0
    assert comity(*withdrawn).status == 4


def test_it_is_told_why_an_own_record_is_not_found(comity: Run, bergenia: Path):
    def why_not(*words: object) -> Said:
        return comity("match", "why-not", *words, "--purpose", "wanted-persons")

    found = why_not('{"name": "Iwan Sorokin", "dob": "1971-03-09"}', "P-1", "--node", bergenia)
    assert found.status == 0, found.err
    assert "The index finds this person" in found.out
    assert "\nreported: wanted-persons" in found.out
    lost = why_not("Quirin Zabelthau", "P-1", "--node", bergenia)
    assert "No word of the record is near enough to quirin" in lost.out
    assert "\nnot reported: wanted-persons" in lost.out
    assert why_not("Quirin Zabelthau", "P-9", "--node", bergenia).status == 4
    nowhere = why_not("Quirin Zabelthau", "P-1")
    assert (nowhere.status, "--node DIR" in nowhere.err) == (2, True)


def test_an_export_that_is_refused_leaves_no_file(comity: Run, bergenia: Path, tmp_path: Path):
    said = comity(
        *("records", "export", "--node", bergenia, "--collection", "sltd"),
        *("--source", "corvia", "--out", tmp_path / "out"),
    )
    assert said.status == 3
    assert not (tmp_path / "out").exists()


def test_fictitious_records_are_made_once(comity: Run, tmp_path: Path):
    words = ("records", "make", "--collection", "sltd", "--count", 3, "--out", tmp_path / "out")
    assert comity(*words).status == 0
    assert len(list(jsonlines.read(tmp_path / "out"))) == 3
    assert comity(*words).status == 5


def test_the_journal_is_shown_verified_and_proved_and_each_reading_is_in_it(comity: Run, aldova: Path, tmp_path: Path):
    assert "node.created  by operator:ada" in comity("journal", "show", "--node", aldova).out
    assert "each as committed" in comity("journal", "verify", "--node", aldova).out
    comity("journal", "prove", "0", "--node", aldova, "--out", tmp_path / "proof")
    opening = json.loads((tmp_path / "proof.opening.json").read_text())
    assert opening["entry"]["act"] == "node.created"
    printed = comity("journal", "prove", "0", "--node", aldova)
    assert printed.out.startswith("c2sp.org/tlog-proof")
    (tmp_path / "second.opening.json").write_text("mine")
    assert comity("journal", "prove", "0", "--node", aldova, "--out", tmp_path / "second").status == 5
    assert not (tmp_path / "second").exists()
    node = Node(aldova)
    with node.store.reading() as tx:
        acts = [one.entry.act for one in tx.journal.read(-1, 100)]
    node.close()
    assert acts == ["node.created", "journal.read", "journal.read", "journal.read"]


def test_whoever_reads_a_part_of_the_journal_is_told_that_there_may_be_more(comity: Run, bergenia: Path):
    said = comity("journal", "show", "--node", bergenia, "--limit", "2")
    assert said.err == "comity: there may be more: --after 1\n"
    assert comity("journal", "show", "--node", bergenia, "--limit", "1000").err == ""
