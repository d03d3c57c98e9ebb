"""`comity match list`: a list with an index of its own; every question comes back with whoever may be meant."""

import gzip
import json
import stat
from pathlib import Path

import pytest

from comity.formats import pairs
from comity.testing.fictitious import make
from tests.cli.conftest import Run

COUNT = 400


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fictitious records as `comity records make` writes them, and sides, in one file."""
    file = tmp_path_factory.mktemp("list") / "records.jsonl"
    records = list(make("nominals", COUNT, 5, "XB"))
    sides = [
        {"id": "s-1", "name": "Zorela Tepkudar", "aliases": ["Зорела Тепкудар"], "dob": "1971-03-09"},
        {"id": 2, "name": "Tepen Zorvimel", "dob": "1944"},
    ]
    file.write_bytes(b"".join([*records, *(json.dumps(one).encode() + b"\n" for one in sides)]))
    return file


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One index for all tests that do not look at how it is made."""
    return tmp_path_factory.mktemp("kept") / "index"


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows), "utf-8")
    return path


def screened(comity: Run, tmp_path: Path, listed: Path, kept: Path, *rows: object, **options: object) -> list[dict]:
    questions = write(tmp_path / "questions.jsonl", *rows)
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    said = comity("match", "list", "--against", listed, "--index", kept, questions, tmp_path / "out.jsonl", *words)
    assert said.status in (0, 2), said.err
    return [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]


def test_everyone_listed_is_the_best_hit_for_their_own_name_and_birth(
    comity: Run, tmp_path: Path, listed: Path, kept: Path
):
    own = [json.loads(line) for line in listed.read_text("utf-8").splitlines()[:COUNT:10]]
    asked = [
        {"id": one["reference"], "name": one["subject"]["names"][0]["full"], "dob": one["subject"]["births"][0]}
        for one in own
    ]
    answers = screened(comity, tmp_path, listed, kept, *asked)
    assert [answer["hits"][0]["id"] for answer in answers] == [one["reference"] for one in own]
    assert [answer["hits"][0]["line"] for answer in answers] == list(range(1, COUNT + 1, 10))
    for answer in answers:
        bits = [hit["bits"] for hit in answer["hits"]]
        assert bits == sorted(bits, reverse=True)
        assert list(answer["hits"][0]) == ["id", "line", "probability", "bits", "fields"]


def test_a_side_is_found_by_its_alias_in_another_script_and_has_its_id(
    comity: Run, tmp_path: Path, listed: Path, kept: Path
):
    (answer,) = screened(comity, tmp_path, listed, kept, {"case": 7, "name": "Зорела Тепкудар"})
    assert answer["case"] == 7
    assert (answer["hits"][0]["id"], answer["hits"][0]["line"]) == ("s-1", COUNT + 1)


def test_no_more_hits_than_asked_for(comity: Run, tmp_path: Path, listed: Path, kept: Path):
    (answer,) = screened(comity, tmp_path, listed, kept, {"name": "Zorela Tepkudar"}, limit=3)
    assert len(answer["hits"]) == 3


def test_hits_without_their_fields_are_the_same_hits(comity: Run, tmp_path: Path, listed: Path, kept: Path):
    questions = write(tmp_path / "questions.jsonl", {"name": "Zorela Tepkudar"})
    answers = []
    for option in ("--explain", "--no-explain"):
        words = ("match", "list", "--against", listed, "--index", kept, questions, "-", "--limit", 3, option)
        answers.append(json.loads(comity(*words).out)["hits"])
    explained, bare = answers
    assert [hit.pop("fields") for hit in bare] == [[], [], []]
    assert all(hit.pop("fields") for hit in explained)
    for one, other in zip(explained, bare, strict=True):
        assert one.pop("probability") == pytest.approx(other.pop("probability"))
        assert one.pop("bits") == pytest.approx(other.pop("bits"))
        assert one == other


def test_a_question_that_cannot_be_asked_stays_in_its_place(comity: Run, tmp_path: Path, listed: Path, kept: Path):
    rows = [{"name": "Zorela Tepkudar"}, "{", {"sex": "F"}, {"name": "Tepen Zorvimel", "dob": "someday"}]
    answers = screened(comity, tmp_path, listed, kept, *rows, limit=1)
    assert ["hits" in one for one in answers] == [True, False, False, True]
    assert [one.get("line") for one in answers] == [None, 2, 3, None]
    assert "no name, no document" in answers[2]["error"]
    assert answers[3]["unread"] == ["dob"]


def test_two_processes_answer_as_one_does(comity: Run, tmp_path: Path, listed: Path):
    rows = [{"name": "Zorela Tepkudar", "number": number} for number in range(120)]
    one, two = (
        screened(comity, tmp_path, listed, tmp_path / f"index-{processes}", *rows, processes=processes, limit=2)
        for processes in (1, 2)
    )
    assert one == two
    assert [answer["number"] for answer in two] == list(range(120))


# -- the index that is kept -------------------------------------------------------------------------------------------


def ask(
    comity: Run, against: Path, index: Path, tmp_path: Path, name: str = "Zorela Tepkudar"
) -> tuple[int, str, list]:
    questions = write(tmp_path / "question.jsonl", {"name": name})
    said = comity("match", "list", "--against", against, "--index", index, questions, "-", "--limit", 1)
    return said.status, said.err, [json.loads(line)["hits"] for line in said.out.splitlines()]


def test_an_index_is_used_again_and_made_anew_when_the_list_has_changed(comity: Run, tmp_path: Path):
    file = write(tmp_path / "list.jsonl", {"id": 1, "name": "Zorela Tepkudar"})
    index = tmp_path / "index"
    assert ask(comity, file, index, tmp_path)[2][0][0]["id"] == 1
    made = (index / "about.json").stat().st_mtime_ns
    assert ask(comity, file, index, tmp_path)[2][0][0]["id"] == 1
    assert (index / "about.json").stat().st_mtime_ns == made
    write(file, {"id": 2, "name": "Zorela Tepkudar"})
    assert ask(comity, file, index, tmp_path)[2][0][0]["id"] == 2
    assert (index / "about.json").stat().st_mtime_ns != made
    assert sorted(one.name for one in tmp_path.iterdir()) == ["index", "list.jsonl", "question.jsonl"]


def test_a_list_may_be_packed(comity: Run, tmp_path: Path):
    file = tmp_path / "list.jsonl.gz"
    file.write_bytes(gzip.compress(b'{"id": "p", "name": "Zorela Tepkudar"}'))
    assert ask(comity, file, tmp_path / "index", tmp_path)[2][0][0]["id"] == "p"


def test_lines_of_the_list_that_are_no_persons_are_told_each_time(comity: Run, tmp_path: Path):
    rows = [
        {"id": 1, "name": "Zorela Tepkudar"},
        "broken",
        {"reference": "D", "subject": {"kind": "document", "number": "1"}},
        {"reference": "E", "subject": {"kind": "person", "names": [{"full": "Tepen Zorvimel"}], "sex": "perhaps"}},
    ]
    file = write(tmp_path / "list.jsonl", *rows)
    for _ in range(2):
        status, err, hits = ask(comity, file, tmp_path / "index", tmp_path)
        assert status == 2
        assert hits[0][0]["id"] == 1
        for told in ("line 2: The line is no JSON", "line 3: The record is not of a person", "line 4: ", "3 lines not"):
            assert told in err


def test_a_folder_of_something_else_is_never_emptied(comity: Run, tmp_path: Path, listed: Path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "kept.txt").write_text("dear Ben\n", "utf-8")
    status, err, _ = ask(comity, listed, folder, tmp_path)
    assert status == 5
    assert "something other than an index" in err
    assert (folder / "kept.txt").read_text("utf-8") == "dear Ben\n"
    assert [one.name for one in folder.iterdir()] == ["kept.txt"]


def test_the_index_is_for_this_account_alone(comity: Run, tmp_path: Path):
    file = write(tmp_path / "list.jsonl", {"id": 1, "name": "Zorela Tepkudar"})
    ask(comity, file, tmp_path / "index", tmp_path)
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700


def test_an_empty_list_has_no_hits(comity: Run, tmp_path: Path):
    file = write(tmp_path / "list.jsonl")
    assert ask(comity, file, tmp_path / "index", tmp_path)[2] == [[]]


def test_the_output_is_never_the_list(comity: Run, tmp_path: Path):
    file = write(tmp_path / "list.jsonl", {"id": 1, "name": "Zorela Tepkudar"})
    questions = write(tmp_path / "questions.jsonl", {"name": "Zorela"})
    said = comity("match", "list", "--against", file, questions, file)
    assert said.status == 5
    assert pairs.listed(1, file.read_bytes()).line == 1


# -- why not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Zorela Tepkudar", ("The index finds this person", "\nname ")),
        ("Molas Fenlinsut", ("No word of the record is near enough to molas", "not reported: border-control")),
    ],
)
def test_it_is_told_why_somebody_is_not_found(comity: Run, listed: Path, kept: Path, asked: str, told: tuple[str, ...]):
    said = comity("match", "why-not", asked, "s-1", "--against", listed, "--index", kept)
    assert said.status == 0, said.err
    assert [one for one in told if one not in said.out] == []


def test_whoever_is_not_in_the_list_cannot_be_found(comity: Run, listed: Path, kept: Path):
    said = comity("match", "why-not", "Zorela", "nobody", "--against", listed, "--index", kept)
    assert said.status == 4
    assert "id nobody" in said.err


# -- bench ------------------------------------------------------------------------------------------------------------


def test_the_bench_tells_every_figure(comity: Run):
    said = comity("match", "bench", "--persons", 120, "--questions", 10, "--json")
    assert said.status == 0, said.err
    told = json.loads(said.out)
    half, most, nearly_all = told.pop("question_ms")
    assert 0 < half <= most <= nearly_all
    assert all(figure > 0 for figure in told.values())
