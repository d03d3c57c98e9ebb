"""The same labelled pairs scored by Comity and by nomenklatura, one core each, in one go: quality and speed.

    python -m benchmarks.against_nomenklatura [--part held-back] [--algorithm logic-v2] PAIRS...

Without PAIRS: all files of `names/dev-pairs` in the sample data. The peer runs in an environment of its own, made from
benchmarks/peer/requirements.lock in the user's cache folder; Comity neither imports nor depends on it.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.figures import console, told
from comity.cli import comparing
from comity.cli.comparing import EXPECTED_SHARE, SAME_FROM_PROBABILITY, Part
from comity.formats.pairs import Pair, Unusable, numbered_lines, pair, side
from comity.matching.evaluation import FALSE_POSITIVES_SHARE, Evaluation, Figures, evaluate
from comity.matching.persons import probabilities

PEER = Path(__file__).parent / "peer"
PEER_THRESHOLD = 0.7  # that the peer's service ships with
SAMPLE = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[2] / "shared" / "data"))


class Result(NamedTuple):
    evaluation: Evaluation
    comparing_seconds: float  # persons made and prepared before
    whole_seconds: float  # from the JSON object on


def main(arguments: Sequence[str] = ()) -> None:
    asked = _arguments(arguments)
    files = asked.files or sorted((SAMPLE / "names" / "dev-pairs").glob("*.jsonl.gz"))
    if not files:
        console.print("left out: there are no pairs; name files, or set COMITY_SAMPLE_DATA to the sample data")
        return
    part = Part(asked.part)
    with tempfile.TemporaryDirectory() as folder:
        chosen = [_part_of(file, part, Path(folder)) for file in files]
        peer = _peer(asked.algorithm, chosen, Path(folder))
        ours = _comity(chosen)
    _tell(asked.algorithm, part, ours, peer)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_nomenklatura")
    parser.add_argument("files", metavar="PAIRS", nargs="*", type=Path)
    parser.add_argument(
        "--algorithm", default="logic-v2", help="one of the peer's: logic-v2, logic-v1, regression-v1 …"
    )
    parser.add_argument("--part", default=Part.ALL, choices=list(Part), help="a third is held back from learning")
    return parser.parse_args(arguments)


def _part_of(file: Path, part: Part, folder: Path) -> Path:
    """That part of a file, for both alike."""
    lines = [text for number, text in numbered_lines(file) if text and _belongs(pair(number, text), part)]
    target = folder / file.name.removesuffix(".gz")
    target.write_bytes(b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines))
    return target


def _belongs(read: Pair | Unusable, part: Part) -> bool:
    if isinstance(read, Unusable):
        sys.exit(f"line {read.line}: {read.why}")
    return comparing.belongs(read, part)


# -- the peer ---------------------------------------------------------------------------------------------------------


def _peer(algorithm: str, files: list[Path], folder: Path) -> Result:
    python = environment()
    written = folder / "peer"
    written.mkdir()
    # Isolated (-I): nothing of this checkout or of the user's own packages is on its path.
    command: list[str | Path] = [python, "-I", PEER / "score.py", algorithm, written, *files]
    took: dict[str, dict[str, Any]] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    scored = {}
    for file in files:
        one = comparing.scored(written / file.name, 0.0, Part.ALL, as_written=True, processes=1)
        scored[_name(file)] = (one.scores, one.labels)
    seconds = [sum(one[what] for one in took.values()) for what in ("comparing_seconds", "whole_seconds")]
    return Result(evaluate(scored, PEER_THRESHOLD), *seconds)


def environment() -> Path:
    """The Python of the peer's environment; made once for each state of its lock."""
    lock = PEER / "requirements.lock"
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "comity" / f"peer-{digest}"
    python, whole = folder / "bin" / "python", folder / "whole"
    if not whole.exists():
        console.print(f"making the peer's environment in {folder}")
        venv.create(folder, clear=True, with_pip=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "-qq",
            "--require-hashes",
            "--no-deps",
            "--requirement",
            lock,
        ]
        subprocess.run(install, check=True)
        whole.touch()
    return python


# -- Comity -----------------------------------------------------------------------------------------------------------


def _comity(files: list[Path]) -> Result:
    prior_bits = comparing.prior_of(EXPECTED_SHARE)
    scored, comparing_seconds, whole_seconds = {}, 0.0, 0.0
    for round_ in range(2):  # the first reads tables and compiles; it is not counted
        for file in files[:1] if round_ == 0 else files:
            objects = [json.loads(text) for _, text in numbered_lines(file) if text]
            began = time.process_time()
            asked, found = comparing.prepared([Pair(0, {}, side(one["l"]), side(one["r"])) for one in objects])
            prepared = time.process_time()
            scores = probabilities(comparing.bits_of(asked, found, prior_bits))
            ended = time.process_time()
            scored[_name(file)] = (scores, np.array([bool(one["match"]) for one in objects]))
            if round_:
                comparing_seconds += ended - prepared
                whole_seconds += ended - began
    return Result(evaluate(scored, SAME_FROM_PROBABILITY), comparing_seconds, whole_seconds)


def _name(file: Path) -> str:
    return file.name.removesuffix(".jsonl")


# -- the table --------------------------------------------------------------------------------------------------------


def _tell(algorithm: str, part: Part, ours: Result, peer: Result) -> None:
    of = f"{ours.evaluation.pooled.pairs:,} pairs ({part})"
    columns = (
        "file",
        *(f"{figure} {who}" for figure in ("F1 best", "F1 default", "recall", "ECE") for who in ("ours", "peer")),
    )
    rows = [_row(name, ours.evaluation.files[name], peer.evaluation.files[name]) for name in ours.evaluation.files]
    rows.append(_row("all pooled", ours.evaluation.pooled, peer.evaluation.pooled))
    told(f"Comity against {algorithm}: {of}; each file at its own best threshold", columns, rows)
    told("over all files", ("", "ours", "peer"), _summary(ours, peer))


def _row(name: str, ours: Figures, peer: Figures) -> tuple[str, ...]:
    sides = [(one.f1_best, one.f1_default, one.recall, one.calibration_error) for one in (ours, peer)]
    return (name, *(f"{figure:.3f}" for both in zip(*sides, strict=True) for figure in both))


def _summary(ours: Result, peer: Result) -> list[tuple[str, str, str]]:
    one, other = ours.evaluation, peer.evaluation
    figures = [
        ("F1, one threshold, all pairs pooled", one.pooled.f1_best, other.pooled.f1_best),
        ("F1, one threshold, mean over files", one.f1_pooled_mean, other.f1_pooled_mean),
        ("F1 at the default threshold, pooled", one.pooled.f1_default, other.pooled.f1_default),
        ("F1 at the default threshold, mean over files", one.f1_default_mean, other.f1_default_mean),
        (f"recall at {FALSE_POSITIVES_SHARE:.0%} false positives, pooled", one.pooled.recall, other.pooled.recall),
        ("calibration error (ECE), pooled", one.pooled.calibration_error, other.pooled.calibration_error),
        ("calibration error (ECE), mean over files", one.calibration_error_mean, other.calibration_error_mean),
    ]
    pairs = one.pooled.pairs
    return [
        *((name, f"{left:.3f}", f"{right:.3f}") for name, left, right in figures),
        ("default threshold", f"{one.threshold_default:g}", f"{other.threshold_default:g}"),
        ("comparisons a second, persons prepared", *_speeds(pairs, ours.comparing_seconds, peer.comparing_seconds)),
        ("comparisons a second, from the JSON object on", *_speeds(pairs, ours.whole_seconds, peer.whole_seconds)),
    ]


def _speeds(pairs: int, ours: float, peer: float) -> tuple[str, str]:
    return f"{pairs / ours:,.0f} ({peer / ours:.1f} times)", f"{pairs / peer:,.0f}"


if __name__ == "__main__":
    main(sys.argv[1:])
