"""`comity match`: every line comes back, in order, with what was found or with what is wrong with it."""

import gzip
import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ADA = {"name": "Ada Zorvimel", "dob": "1970-02-03"}
BEN = {"name": "Ben Tepkudar", "dob": "1955-11-30"}


def lines(path: Path, *rows: object) -> Path:
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# -- pairs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_pairs_are_written_again_with_probability_and_bits(comity: Run, tmp_path: Path, name: str):
    file = lines(tmp_path / name, {"set": "s", "l": ADA, "r": ADA, "match": True}, {"l": ADA, "r": BEN})
    said = comity("match", "pairs", file, tmp_path / "out.jsonl")
    assert (said.status, said.err) == (0, "")
    same, other = read(tmp_path / "out.jsonl")
    assert list(same) == ["set", "l", "r", "match", "probability", "bits"]
    assert (same["set"], same["l"], same["r"], same["match"]) == ("s", ADA, ADA, True)
    assert other["probability"] < 0.01 < 0.99 < same["probability"]
    assert other["bits"] < same["bits"]


def test_a_bad_line_stays_in_its_place_and_is_told_with_its_number(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "in.jsonl", {"l": ADA, "r": ADA}, "{broken", "", {"l": ADA}, {"l": ADA, "r": BEN})
    said = comity("match", "pairs", file, tmp_path / "out.jsonl")
    assert said.status == 2
    assert "in.jsonl line 2: The line is no JSON" in said.err
    assert 'in.jsonl line 4: There is no "r"' in said.err
    out = read(tmp_path / "out.jsonl")
    assert [one.get("line") for one in out] == [None, 2, 4, None]
    assert ["error" in one for one in out] == [False, True, True, False]
    assert out[2]["l"] == ADA


def test_what_was_not_understood_is_told_and_the_rest_compared(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "in.jsonl", {"l": ADA | {"dob": "someday"}, "r": ADA | {"shoe_size": 43}})
    said = comity("match", "pairs", file, tmp_path / "out.jsonl")
    assert said.status == 0
    assert "line 1: l.dob, r.shoe_size" in said.err
    assert read(tmp_path / "out.jsonl")[0]["unread"] == ["l.dob", "r.shoe_size"]


def test_the_prior_moves_every_line_by_as_many_bits(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "in.jsonl", {"l": ADA, "r": ADA}, {"l": ADA, "r": BEN})
    for share, name in ((0.5, "even"), (0.2, "fifth")):
        assert comity("match", "pairs", file, tmp_path / name, "--expected", share).status == 0
    for even, fifth in zip(read(tmp_path / "even"), read(tmp_path / "fifth"), strict=True):
        assert even["bits"] - fifth["bits"] == pytest.approx(2.0)
        assert even["probability"] == pytest.approx(1 / (1 + 2 ** -even["bits"]))


def test_several_processes_write_the_same_in_the_same_order(comity: Run, tmp_path: Path):
    rows = [{"number": number, "l": ADA, "r": BEN if number % 3 else ADA} for number in range(2_500)]
    file = lines(tmp_path / "in.jsonl.gz", *rows[:1_200], "broken", *rows[1_200:])
    for processes, name in ((1, "one"), (2, "two")):
        assert comity("match", "pairs", file, tmp_path / name, "--processes", processes).status == 2
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert [one["number"] for one in read(tmp_path / "two") if "number" in one] == list(range(2_500))


def test_the_output_is_never_the_input(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "in.jsonl", {"l": ADA, "r": ADA})
    before = file.read_bytes()
    (tmp_path / "link").symlink_to(file)
    for out in (file, tmp_path / "link"):
        said = comity("match", "pairs", file, out)
        assert said.status == 5
        assert "cannot be written at the same time" in said.err
    assert file.read_bytes() == before


def test_results_are_for_this_account_alone_and_replace_older_ones(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "in.jsonl", {"l": ADA, "r": ADA})
    for _ in range(2):
        assert comity("match", "pairs", file, tmp_path / "out.jsonl.gz").status == 0
    assert stat.S_IMODE((tmp_path / "out.jsonl.gz").stat().st_mode) == 0o600
    assert len(gzip.decompress((tmp_path / "out.jsonl.gz").read_bytes()).splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("pairs", "nowhere.jsonl", "out.jsonl"), 4, "no file"),
        (("pairs", "IN", "nowhere/out.jsonl"), 4, "no folder"),
        (("pairs", "IN", "out.jsonl", "--expected", "1"), 2, "between 0 and 1"),
        (("evaluate", "nowhere.jsonl"), 4, "no file"),
        (("evaluate",), 2, "PAIRS"),
        (("explain", "{", "x"), 2, "no JSON"),
        (("explain", "[1]", '{"name": '), 2, "no JSON"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    comity: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], status: int, told: str
):
    monkeypatch.chdir(tmp_path)
    file = lines(tmp_path / "in.jsonl", {"l": ADA, "r": ADA})
    said = comity("match", *(file if word == "IN" else word for word in words))
    assert said.status == status
    assert told in said.err
    assert [one.name for one in tmp_path.iterdir()] == ["in.jsonl"]


# -- evaluate ---------------------------------------------------------------------------------------------------------


def labelled(path: Path, *pairs: tuple[float, bool]) -> Path:
    return lines(path, *({"l": ADA, "r": BEN, "probability": score, "match": match} for score, match in pairs))


def test_what_stands_in_the_files_can_be_measured(comity: Run, tmp_path: Path):
    good = labelled(tmp_path / "good.jsonl", (0.9, True), (0.1, False), (0.2, False))
    bad = labelled(tmp_path / "bad.jsonl.gz", (0.9, False), (0.1, True))
    said = comity("match", "evaluate", good, bad, "--as-written", "--json")
    assert (said.status, said.err) == (0, "")
    told = json.loads(said.out)
    assert list(told["files"]) == ["good", "bad"]
    assert (told["files"]["good"]["f1_default"], told["files"]["bad"]["f1_default"]) == (1.0, 0.0)
    assert (told["pooled"]["pairs"], told["pooled"]["matches"]) == (5, 2)
    assert told["f1_default_mean"] == 0.5


def test_the_table_has_every_file_all_pooled_and_the_mean(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "a.jsonl", {"l": ADA, "r": ADA, "match": True}, {"l": ADA, "r": BEN, "match": False})
    said = comity("match", "evaluate", file)
    assert said.status == 0
    for told in ("a ", "all pairs pooled", "mean over files", "10 bins of equal width", "Recall: where 1%"):
        assert told in said.out


def test_pairs_without_a_label_are_told_and_not_measured(comity: Run, tmp_path: Path):
    file = lines(tmp_path / "a.jsonl", {"l": ADA, "r": ADA, "match": 1}, {"l": ADA, "r": ADA, "match": "yes"}, "{")
    said = comity("match", "evaluate", file, "--json")
    assert said.status == 2
    assert 'a.jsonl line 2: There is no "match"' in said.err
    assert "a.jsonl line 3: The line is no JSON" in said.err
    assert json.loads(said.out)["pooled"]["pairs"] == 1


def test_what_is_held_back_and_what_is_learned_from_are_all_and_share_no_left_name(comity: Run, tmp_path: Path):
    rows = [{"l": {"name": f"Zorvimel {one}"}, "r": BEN, "match": False} for one in range(90) for _ in range(2)]
    file = lines(tmp_path / "a.jsonl", *rows)
    counts = {}
    for part in ("all", "learned", "held-back"):
        said = comity("match", "evaluate", file, "--part", part, "--json")
        counts[part] = json.loads(said.out)["pooled"]["pairs"]
    assert counts["all"] == 180 == counts["learned"] + counts["held-back"]
    assert 20 < counts["held-back"] < 100
    assert counts["held-back"] % 2 == 0


def test_the_worst_errors_are_written_where_asked(comity: Run, tmp_path: Path):
    file = labelled(tmp_path / "a.jsonl", (0.8, False), (0.9, False), (0.2, True), (0.99, True))
    comity("match", "evaluate", file, "--as-written", "--errors", tmp_path / "wrong")
    told = (tmp_path / "wrong" / "errors_a.txt").read_text("utf-8").splitlines()
    assert [line.split()[0] for line in told] == ["false", "0.9000", "0.8000", "false", "0.2000"]


# -- explain ----------------------------------------------------------------------------------------------------------


def test_an_explanation_adds_up_from_the_prior_to_the_probability(comity: Run):
    said = comity("match", "explain", "Ада Зорвимел", json.dumps(ADA), "--json")
    told = json.loads(said.out)
    assert told["bits"] == pytest.approx(-2.0 + sum(field["bits"] for field in told["fields"]))
    said = comity("match", "explain", "Ада Зорвимел", json.dumps(ADA | {"sex": "perhaps"}))
    assert "before comparing" in said.out
    assert f"{told['probability']:.4f}" in said.out
    assert "RIGHT: not compared: sex" in said.err
