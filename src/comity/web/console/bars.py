"""Bars of a chart: how long each is and where it lies, so that a template draws them; the table beside counts."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct

WIDTH, BAR_HEIGHT, GAP, LABEL_WIDTH, NUMBER_WIDTH = 640, 18, 6, 200, 70  # of the picture, in its own units
Label = TypeVar("Label")


class Bar(Struct, frozen=True):
    """`y` is its upper edge; a bar of anything at all can be seen."""

    label: object
    number: int
    y: int
    length: float


class Bars(Struct, frozen=True):
    bars: tuple[Bar, ...]
    width: int
    height: int
    begin: int  # where the bars begin, beside their labels


def bars(numbers: Mapping[Label, int]) -> Bars:
    """In the order that they have; the longest fills the room that there is."""
    most, room = max(numbers.values(), default=0), WIDTH - LABEL_WIDTH - NUMBER_WIDTH
    found = tuple(
        Bar(label, number, place * (BAR_HEIGHT + GAP), max(round(room * number / most, 1), 1.0) if number else 0.0)
        for place, (label, number) in enumerate(numbers.items())
    )
    return Bars(found, WIDTH, len(found) * (BAR_HEIGHT + GAP), LABEL_WIDTH)
