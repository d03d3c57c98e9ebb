"""Oversight as it is typed: what is found, what is said of what was erased, and what is not for the one who types."""

import json
from datetime import timedelta
from pathlib import Path

from comity.domain.caller import Role
from comity.domain.journal import Act, Entry
from comity.nodes.node import Node
from tests.cli.conftest import Run


def with_old_lookups(folder: Path) -> None:
    """Five lookups of four years ago, and a token for an auditor and for a supervisor."""
    node = Node(folder)
    operator, then = node.operator("ada"), node.clock() - timedelta(days=4 * 366)
    with node.store.transaction() as tx:
        tx.journal.record_all(
            [Entry(act=Act.LOOKUP_ASKED, at=then, actor="ada", subject=f"q-{number}") for number in range(5)]
        )
        tx.commit()
    for login, role in (("bea", Role.AUDITOR), ("sara", Role.SUPERVISOR)):
        node.accounts.open(login, login.title(), "oversight", (role,), operator)
        token, _ = node.accounts.issue(login, timedelta(hours=1), operator)
        profile = folder.parent / f"{login}.toml"
        profile.touch(mode=0o600)
        profile.write_text(f'url = "https://127.0.0.1:1"\ntoken = "{token}"\n')
    node.close()


def test_each_finds_what_their_token_may_and_what_ended_is_said_to_be_erased(comity: Run, aldova: Path, tmp_path: Path):
    with_old_lookups(aldova)
    search = ("oversight", "search", "--node", aldova, "--why", "audit 7", "--token")
    found = json.loads(comity(*search, tmp_path / "bea.toml", "--officer", "ada", "--json").out)
    assert [one["entry"]["subject"] for one in found["openings"]] == [f"q-{number}" for number in range(5)]
    assert "No entries that you may see." in comity(*search, tmp_path / "sara.toml").out
    refused = comity(*search, tmp_path / "sara.toml", "--person", "Ivan Sorokin")
    assert (refused.status, "about somebody" in refused.err) == (3, True)
    assert comity(*search, tmp_path / "bea.toml", "--document", "XBE").status == 2
    node = Node(aldova)
    node.opening_terms.tend()
    today = node.clock().date()
    node.close()
    erased = f"1 to 5  opening erased on {today} under rulebook openings.lookup, 3 years"
    assert erased in comity("journal", "show", "--node", aldova).out
    assert "5 of them can be read no more" in comity("journal", "verify", "--node", aldova).out
