"""Under a law that denies all, no content leaves by any way: the desks and doors are driven, the bytes are searched."""

import shutil
from pathlib import Path

import msgspec
import pytest

from comity.desks import agreements
from comity.domain.instrument import Effect
from comity.law.rulebook import shipped_rulebook
from comity.testing.federation import BERGENIA, CORVIA, HUB, Federation
from tests.cli.conftest import Run, comity
from tests.federation.conftest import founded
from tests.house.story_of_ways_out import ASKED, CONTENT, REFERENCES, Left, heard
from tests.house.test_ways_out import FOUND, PAGE, told

__all__ = ["comity", "founded"]

NOBODY_IS_TOLD = b"""
id = "nobody-is-told"
title = "Rules under which nobody is told anything"
source = "Fictitious"
layer = "organisation"
in_force_from = 2020-01-01

[[clauses]]
id = "rule-1"
title = "All is forbidden"
effect = "forbid"
text = "Nobody tells anybody anything."
"""

# Its own people still see their own.
OWN_LINKS = frozenset(
    {
        *("GET /v1/links/{id}", "GET /v1/links/proposed", "GET /network/links/{id}"),
        *("POST /network/links/{id}/accept", "POST /network/links/{id}/reject"),
    }
)

# Commands with the guard `own`, as typed at the hub, which holds copies of Bergenia's records and owns none of them.
# None of them may show a copy. A new one gets a line here.
AT_THE_HUB = {
    "comity records import": ["--collection", "sltd", "--source", BERGENIA, "{folder}/empty.jsonl"],
    "comity records refused": ["import-1"],
    "comity records export": ["--collection", "sltd", "--source", BERGENIA, "--out", "{folder}/out.jsonl"],
    "comity records show": ["MRQ-D-1", "--collection", "sltd", "--source", BERGENIA],
    "comity held list": ["--json"],
    "comity held show": ["question-1"],
    "comity journal show": ["--json", "--limit", "1000"],
    "comity journal prove": ["1", "--out", "{folder}/proof"],
    "comity journal export": ["--entry", "1", "{folder}/evidence.zip"],
    "comity oversight check": ["check-1", "--token", "{folder}/nobody.toml"],
    "comity oversight disclosed": [
        *(
            "{folder}/told.json",
            "--request",
            "R-1",
            "--token",
            "{folder}/nobody.toml",
            "--person",
            "Ivan Sorokin-Uhlberg",
        )
    ],
    "comity oversight search": ["--json", "--why", "a trial", "--limit", "1000"],
    "comity misuse show": ["alarm-1", "--token", "{folder}/nobody.toml"],
    "comity match why-not": ["Ivan Sorokin-Uhlberg", "MRQ-P-1", "--source", BERGENIA, "--collection", "sanctions"],
}


def ways(guard: str) -> set[str]:
    return {name for title in FOUND for name, way in told(title).items() if way.guard == guard}


@pytest.fixture(scope="module")
def under_the_models(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Left, str]:
    """The story under the agreements of the models, and the folder in which it was told."""
    folder = tmp_path_factory.mktemp("ways") / "federation"
    shutil.copytree(founded, folder)
    left, log = heard(folder)
    return folder, left, log


@pytest.fixture
def nobody_may_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own rules let no role see anything: the officers' layer of every node."""
    book = shipped_rulebook()
    rule = msgspec.structs.replace(
        book.organisation.rules[0], effect=Effect.FORBID, reply=None, categories=(), purposes=(), roles=()
    )
    rules = msgspec.structs.replace(book.organisation, rules=(rule,))
    monkeypatch.setattr(agreements, "shipped_rulebook", lambda: msgspec.structs.replace(book, organisation=rules))


def test_the_story_goes_out_by_every_way_that_the_law_guards(under_the_models: tuple[Path, Left, str]):
    """Or a way could be called guarded that nobody has tried."""
    missing = ways("law") - under_the_models[1].ways((*CONTENT, *REFERENCES, ASKED))
    assert not missing, (
        f"{', '.join(sorted(missing))} is said to be guarded by the law in {PAGE}, and no content was seen to go that "
        "way: add a step to tell_everything or look_around in tests/house/story_of_ways_out.py"
    )


def test_by_no_other_way_and_in_no_line_of_the_log_is_there_content(under_the_models: tuple[Path, Left, str]):
    _, left, log = under_the_models
    assert left.ways(CONTENT) <= ways("law")
    assert left.ways((ASKED,)) <= ways("law") | ways("own")
    assert not [one for one in (*CONTENT, *REFERENCES, ASKED) if one.decode() in log]


def test_where_nobody_may_be_told_the_owners_records_stay_with_it(founded: Path, tmp_path: Path):
    """Questions go out, for our own rules let them; nothing of a record leaves Bergenia, and the hub has no copy."""
    folder = tmp_path / "federation"
    shutil.copytree(founded, folder)
    federation = Federation(folder)
    federation.publish(("nobody-is-told.toml", NOBODY_IS_TOLD))
    federation.close()
    left, log = heard(folder)
    assert left.ways((*CONTENT, *REFERENCES)) - OWN_LINKS == set()
    assert left.by["POST /federation/v1/questions", HUB]  # it was asked, and answered
    assert not [one for one in (*CONTENT, *REFERENCES) if one.decode() in log]


def test_where_nobody_may_see_not_even_a_question_leaves(nobody_may_see: None, founded: Path, tmp_path: Path):
    folder = tmp_path / "federation"
    shutil.copytree(founded, folder)
    left, _ = heard(folder)
    shared = {"letter records-share"}  # that is for others to be told, by their own rules
    assert left.ways((*CONTENT, *REFERENCES, ASKED)) - shared == set()
    assert left.by["POST /v1/lookups/person", "aldova"]


def test_what_was_found_before_is_shown_no_more(
    nobody_may_see: None, under_the_models: tuple[Path, Left, str], tmp_path: Path
):
    folder = tmp_path / "federation"
    shutil.copytree(under_the_models[0], folder)
    left, _ = heard(folder, looking_only=True)
    assert left.by["GET /v1/late", "aldova"]
    assert left.ways(CONTENT) == set()


@pytest.mark.parametrize("node", [HUB, CORVIA])
def test_no_command_shows_a_record_of_another(
    under_the_models: tuple[Path, Left, str], node: str, comity: Run, tmp_path: Path
):
    """The hub holds copies of Bergenia's records. Whoever sits at its machine reads none of them."""
    assert set(AT_THE_HUB) == ways("own") & set(told("Commands")), "give its words in AT_THE_HUB"
    folder = tmp_path / node
    shutil.copytree(under_the_models[0] / node, folder)
    (tmp_path / "empty.jsonl").write_bytes(b"")
    for command, words in AT_THE_HUB.items():
        said = comity(*command.split()[1:], *(one.format(folder=tmp_path) for one in words), "--node", folder)
        written = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        told_all = said.out.encode() + said.err.encode() + written
        assert not [one for one in CONTENT if one in told_all], command
