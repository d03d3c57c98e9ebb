"""Two texts of one instrument compared by what they decide: which answers change, and by which clauses."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from random import Random

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.decision import LayerDecision, Request
from comity.domain.instrument import Clause, Instrument
from comity.domain.reply import ReplyLevel
from comity.law.alone import alone, texts
from comity.law.facts import facts
from comity.law.grid import Asked, Grid, fitting, grid, strayed
from comity.law.render import aloud
from comity.law.rulebook import Rulebook
from comity.law.texts import Texts
from comity.law.words import count, listed, months, party_name, roles, spoken

REFUSED = "refused"
_HEAD = tuple(name for name in Instrument.__struct_fields__ if name not in ("clauses", "examples"))


class Turn(Struct, frozen=True, kw_only=True):
    """One way in which decisions change: how much and by what, before and after."""

    before: str  # "core"
    after: str
    by_before: tuple[str, ...]
    by_after: tuple[str, ...]
    owed_no_more: tuple[str, ...] = ()
    owed_newly: tuple[str, ...] = ()


class Counted(Struct, kw_only=True):
    """How often a turn was found, and the first request of which it is true."""

    turn: Turn
    example: Asked
    in_grid: int = 0
    in_sample: int = 0


class Difference(Struct, frozen=True, kw_only=True):
    """What was asked of both texts, and what came out otherwise."""

    grid: Grid
    asked_of_grid: int  # less than its size where that is beyond the limit
    samples: int
    seed: int
    turns: tuple[Counted, ...]


class _Alone:
    """A text of which it is asked as if there were no other."""

    def __init__(self, instrument: Instrument, book: Rulebook) -> None:
        self.texts = Texts([(instrument, "")], book)

    def said(self, asked: Asked) -> LayerDecision | None:
        seen = facts(asked.request, asked.envelope, asked.on)
        bound = self.texts.slice(asked.request.asker, asked.request.owner)
        found = (alone(layer, one, asked.request, seen, asked.on) for layer, one in texts(bound))
        return next(found, None)


def differ(old: Instrument, new: Instrument, book: Rulebook, samples: int, seed: int) -> Difference:
    """Both texts taken alone, asked the whole grid of what they name, then requests drawn to fit their clauses."""
    before, after = _Alone(old, book), _Alone(new, book)
    draw = Random(seed)  # noqa: S311 - drawn to be drawn again, not to be kept secret
    whole = grid(old, new)
    found: dict[Turn, Counted] = {}
    asked_of_grid = 0
    for asked in _of_grid(whole, draw):
        asked_of_grid += 1
        if turn := _turn(before.said(asked), after.said(asked)):
            found.setdefault(turn, Counted(turn=turn, example=asked)).in_grid += 1
    for asked in islice(_drawn((old, new), draw), samples):
        if turn := _turn(before.said(asked), after.said(asked)):
            found.setdefault(turn, Counted(turn=turn, example=asked)).in_sample += 1
    return Difference(grid=whole, asked_of_grid=asked_of_grid, samples=samples, seed=seed, turns=tuple(found.values()))


def _of_grid(whole: Grid, draw: Random) -> Iterator[Asked]:
    """All of it; of one beyond the limit about as many as that, drawn."""
    share = limits.LAW_GRID_MAX / max(whole.size, 1)
    return (asked for asked in whole.requests() if share >= 1 or draw.random() < share)


def _drawn(both: Sequence[Instrument], draw: Random) -> Iterator[Asked]:
    while True:
        text = draw.choice(both)
        asked = fitting(text, draw.choice(text.clauses), draw)
        yield strayed(asked, draw) if draw.random() < 0.5 else asked


def _turn(before: LayerDecision | None, after: LayerDecision | None) -> Turn | None:
    """None where both come to the same; by which clause or with which words is no difference."""
    if _outcome(before) == _outcome(after):
        return None
    told = before is not None and after is not None and before.level and after.level
    owed_before, owed_after = (one.obligations if one and told else () for one in (before, after))
    return Turn(
        before=_word(before),
        after=_word(after),
        by_before=_by(before),
        by_after=_by(after),
        owed_no_more=tuple(code for code in owed_before if code not in owed_after),
        owed_newly=tuple(code for code in owed_after if code not in owed_before),
    )


def _outcome(said: LayerDecision | None) -> tuple[object, ...] | None:
    return (said.level, frozenset(said.obligations), said.answer_within_minutes) if said else None


def _word(said: LayerDecision | None) -> str:
    if said is None:
        return "left to others"
    return said.level.word if said.level > ReplyLevel.NOTHING else REFUSED


def _by(said: LayerDecision | None) -> tuple[str, ...]:
    if said is None:
        return ()
    return said.clauses or ((said.reason.clause,) if said.reason else ())


# -- in words ---------------------------------------------------------------------------------------------------------


def words(old: Instrument, new: Instrument, found: Difference, book: Rulebook) -> Iterator[str]:
    """What the texts say otherwise, clause by clause, then which decisions that changes."""
    yield from _text_changes(old, new, book)
    yield _extent(found)
    if not found.turns:
        yield "Not one of them is decided otherwise."
    for counted in sorted(found.turns, key=lambda one: (-one.in_grid, -one.in_sample)):
        yield from _told(counted, book)


def _text_changes(old: Instrument, new: Instrument, book: Rulebook) -> Iterator[str]:
    for name in _HEAD:
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            yield f"{name}: was {_written(was)}, is {_written(is_)}"
    was_by_id, is_by_id = ({one.id: one for one in text.clauses} for text in (old, new))
    for name in dict.fromkeys((*was_by_id, *is_by_id)):
        before = _lines(was_by_id[name], old, book) if name in was_by_id else []
        after = _lines(is_by_id[name], new, book) if name in is_by_id else []
        if before != after:
            yield f"{name}: {'is new' if not before else 'is gone' if not after else 'reads otherwise'}"
            yield from (f"  - {line}" for line in before if line not in after)
            yield from (f"  + {line}" for line in after if line not in before)


def _lines(clause: Clause, text: Instrument, book: Rulebook) -> list[str]:
    """A clause read aloud, line by line, so that what is the same in both texts need not be read again."""
    return [line.removeprefix("- ") for part in aloud(clause, text, book) for line in part.split("\n") if line]


def _written(value: object) -> str:
    if value is None:
        return "nothing"
    return str(value) if isinstance(value, str | date) else msgspec.json.encode(value).decode()


def _extent(found: Difference) -> str:
    whole = found.grid
    kinds = len(whole.categories)
    axes = ", ".join(
        [
            f"{len(whole.parties)} parties",
            f"{kinds} {'category' if kinds == 1 else 'categories'}",
            count(len(whole.purposes), "purpose"),
            count(len(whole.roles), "role"),
            count(len(whole.offences), "offence"),
            count(len(whole.days), "day"),
        ]
    )
    asked = f"all {whole.size:,}" if found.asked_of_grid == whole.size else f"{found.asked_of_grid:,} of {whole.size:,}"
    return f"Asked: {asked} requests of the grid ({axes}) and {found.samples:,} drawn with seed {found.seed}."


def _told(counted: Counted, book: Rulebook) -> Iterator[str]:
    turn, request = counted.turn, counted.example.request
    often = f"{counted.in_grid:,} of the grid, {counted.in_sample:,} of those drawn"
    yield f"{_way(turn)}: {turn.before} → {turn.after}, in {often}"
    yield f"    before by {listed(turn.by_before) or 'no clause'}, now by {listed(turn.by_after) or 'no clause'}"
    yield from (f"    owed no more: {book.obligation(code)}" for code in turn.owed_no_more)
    yield from (f"    owed newly: {book.obligation(code)}" for code in turn.owed_newly)
    yield (
        f"    such as: {_named(request.asker)} asks {_named(request.owner)} for {request.category}, stating "
        f"{request.purpose}, as {roles(request.roles, 'and')}, on {counted.example.on}{_for(request)}."
    )


def _way(turn: Turn) -> str:
    """What the change does, for whoever must answer for it."""
    deep = {word: depth for depth, word in enumerate((REFUSED, *(one.word for one in ReplyLevel if one)))}
    if turn.before not in deep or turn.after not in deep:
        return "Another text decides"
    if turn.before == turn.after:
        return "As much is told on other terms"
    return "More is told" if deep[turn.after] > deep[turn.before] else "Less is told"


def _for(request: Request) -> str:
    offence = request.circumstances.offence
    if offence is None:
        return ""
    most, sentence = offence.penalty_max_months, offence.sentence_months
    told = [
        f"for {spoken(offence.code)}",
        f"punishable with up to {months(most)}" if most is not None else "",
        f"with a sentence of {months(sentence)}" if sentence is not None else "",
    ]
    return "".join(f", {one}" for one in told if one)


def _named(party: str) -> str:
    return party_name(party) if party.strip("*") else "anyone else"
