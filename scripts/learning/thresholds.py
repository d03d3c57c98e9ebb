"""Measures, on the pairs that were held back from learning, how often each default threshold errs."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.matching.evaluation import calibration_error, f1
from comity.matching.persons import LEARNED_PRIOR_BITS, Aim, compare_pairs, prepare
from learning import persons as learning

# Stated: of a hundred travellers one may be somebody in the files, of ten whom investigators ask for about three.
EXPECTED_SHARE = {Aim.FEW_FALSE_STOPS: 0.01, Aim.FEW_MISSES: 0.3}
REPORT_FROM = {Aim.FEW_FALSE_STOPS: 0.9, Aim.FEW_MISSES: 0.3}
PAIRS_DEFAULT = 0.5

_HEAD = """# Written by `make learn`. From which probability a person is reported, by what a wrong answer costs; how
# many questions concern somebody in the collection; and what was measured, at one match in five pairs of near names,
# on the third of the labelled pairs that is never learned from: `misses` of the same persons, `false` of the others.
"""

Reals = NDArray[np.float64]


def measured(data: Path) -> str:
    """The whole file as TOML."""
    lines = [_HEAD, "[expected-share]", *(f"{aim} = {share}" for aim, share in EXPECTED_SHARE.items())]
    lines += ["", "[report-from]", *(f"{aim} = {least}" for aim, least in REPORT_FROM.items())]
    for path in learning.sources(data):
        scores, same = _scored(path)
        lines += ["", f"[measured.{path.name.partition('.')[0]}]", f"pairs = {len(same)}"]
        lines.append(f"f1 = {f1(scores, same, PAIRS_DEFAULT):.3f}")
        lines.append(f"calibration-error = {calibration_error(scores, same):.3f}")
        for aim, least in REPORT_FROM.items():
            told = scores >= least
            missed, false = 1 - told[same].mean(), told[~same].mean()
            lines.append(f"{aim} = {{ misses = {missed:.4f}, false = {false:.4f} }}")
    return "\n".join(lines) + "\n"


def _scored(path: Path) -> tuple[Reals, NDArray[np.bool_]]:
    held = [one for one in learning.pairs(path) if learning.is_kept_back(one)]
    asked, found = [prepare(one.asked.person) for one in held], [prepare(one.found.person) for one in held]
    matches = compare_pairs(asked, found, LEARNED_PRIOR_BITS)
    same = np.array([bool(one.written["match"]) for one in held])
    return np.array([match.probability for match in matches]), same
