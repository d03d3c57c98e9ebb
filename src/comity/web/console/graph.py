"""A graph as a page draws it: where each thing lies, the same every time for the same graph."""

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

WIDTH = 960  # of the drawing, in its own units
HEIGHT_LEAST, HEIGHT_MOST, HEIGHT_EACH = 320, 1400, 26
MARGIN = 70
STEPS = 200
PULL = 1.5  # towards the middle


class Thing(Struct, frozen=True, kw_only=True):
    """`kind` is drawn as a shape; `to`: the page where it is told in full."""

    id: str
    kind: str
    label: str
    to: str = ""


class Tie(Struct, frozen=True, kw_only=True):
    """Between two things, by their ids. `how`: "proposed", "accepted", "rejected", or "in" for what is simply so."""

    left: str
    right: str
    how: str
    why: str = ""
    to: str = ""


class Placed(Struct, frozen=True, kw_only=True):
    thing: Thing
    x: int
    y: int


class Drawn(Struct, frozen=True, kw_only=True):
    tie: Tie
    left: Placed
    right: Placed


class Drawing(Struct, frozen=True, kw_only=True):
    width: int
    height: int
    things: tuple[Placed, ...]
    ties: tuple[Drawn, ...]


def drawing(things: Sequence[Thing], ties: Sequence[Tie]) -> Drawing:
    """Ties push and pull things apart (Fruchterman and Reingold 1991); nothing is left to chance or to the order."""
    ordered = sorted({one.id: one for one in things}.values(), key=lambda one: one.id)
    places = {one.id: number for number, one in enumerate(ordered)}
    pairs = sorted({(places[one.left], places[one.right]) for one in ties})
    height = min(HEIGHT_MOST, HEIGHT_LEAST + HEIGHT_EACH * len(ordered))
    laid = _laid(len(ordered), pairs, height)
    placed = [Placed(thing=one, x=round(x), y=round(y)) for one, (x, y) in zip(ordered, laid, strict=True)]
    drawn = [Drawn(tie=one, left=placed[places[one.left]], right=placed[places[one.right]]) for one in ties]
    return Drawing(width=WIDTH, height=height, things=tuple(placed), ties=tuple(drawn))


def _laid(count: int, pairs: Sequence[tuple[int, int]], height: int) -> list[tuple[float, float]]:
    if count < 2:
        return [(WIDTH / 2, height / 2)] * count
    turn = 2 * math.pi * np.arange(count) / count
    at = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    left, right = (np.array([pair[side] for pair in pairs], dtype=int) for side in (0, 1))
    apart = math.sqrt(4 / count)
    for step in range(STEPS):
        gaps = at[:, None, :] - at[None, :, :]
        lengths = np.maximum(np.sqrt((gaps**2).sum(axis=2)), 0.01)
        moves = (gaps * (apart**2 / lengths**2)[:, :, None]).sum(axis=1)
        pulls = (at[left] - at[right]) * (lengths[left, right] / apart)[:, None]
        np.subtract.at(moves, left, pulls)
        np.add.at(moves, right, pulls)
        moves -= PULL * at  # things without a tie stay in sight
        far = np.maximum(np.sqrt((moves**2).sum(axis=1)), 1e-9)
        at = at + moves * (np.minimum(far, 0.2 * (1 - step / STEPS)) / far)[:, None]
    least, most = at.min(axis=0), at.max(axis=0)
    room = np.array((WIDTH - 2 * MARGIN, height - 2 * MARGIN))
    spread = np.where(most - least > 1e-6, most - least, 1.0)
    return [(float(x), float(y)) for x, y in (at - least) / spread * room + MARGIN]
