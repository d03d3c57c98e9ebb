"""A graph is drawn the same every time, whatever the order in which it came, and nothing lies on top of another."""

import itertools
import math

from comity.web.console.graph import WIDTH, Thing, Tie, drawing

THINGS = [Thing(id=f"t{number}", kind="person", label=f"Thing {number}") for number in range(9)]
TIES = [Tie(left=f"t{one}", right=f"t{other}", how="proposed") for one, other in ((0, 1), (1, 2), (2, 0), (3, 4))]


def test_the_same_graph_is_drawn_the_same_in_any_order():
    first, again = drawing(THINGS, TIES), drawing(THINGS[::-1], TIES[::-1])
    assert first.things == again.things
    assert set(first.ties) == set(again.ties)


def test_everything_lies_inside_and_apart():
    drawn = drawing(THINGS, TIES)
    things = drawn.things
    assert all(40 < one.x < drawn.width - 40 and 40 < one.y < drawn.height - 40 for one in things)
    assert min(math.hypot(a.x - b.x, a.y - b.y) for a, b in itertools.combinations(things, 2)) > 60


def test_what_is_tied_lies_nearer_than_what_is_not():
    at = {one.thing.id: one for one in drawing(THINGS, TIES).things}
    tied = [math.hypot(at[one.left].x - at[one.right].x, at[one.left].y - at[one.right].y) for one in TIES]
    every = [math.hypot(a.x - b.x, a.y - b.y) for a, b in itertools.combinations(at.values(), 2)]
    assert sum(tied) / len(tied) < sum(every) / len(every)


def test_nothing_and_one_thing_are_drawn():
    assert drawing([], []).things == ()
    assert drawing(THINGS[:1], []).things[0].x == WIDTH // 2
