"""How the demonstration speaks: steps, the commands one could type, what they print, and how long it took."""

import re
import shlex
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.rule import Rule
from rich.text import Text

from comity.cli import common
from comity.cli.main import app

console = Console(highlight=False, soft_wrap=True)
COLUMNS = console.width if console.is_terminal else 120
ASKED_AGAIN_MAX = 3
SILENT = re.compile(r"^(\S+): no answer", re.MULTILINE)
INDENT = 6  # of what a command prints
HIT = "HIT  "  # begins each finding of an answer
TICK_SECONDS = 0.5
LINE_EACH_SECONDS = 10.0  # of progress, where nobody watches a bar


class WentWrong(Exception):
    """What the demonstration was about to show is not so."""


def expect(holds: object, what: str) -> None:
    """Stop the demonstration rather than show what is not so. Raises WentWrong."""
    if not holds:
        raise WentWrong(what)


def chapter(title: str) -> None:
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left"), width=COLUMNS)


def say(text: str) -> None:
    """What happens, in plain words."""
    console.print(Text(text))


def typed(who: str, *words: str) -> None:
    """A command as its reader could type it, and who types it."""
    line = Text(f"  {who} $ ", style="dim")
    line.append(shlex.join(("comity", *words)), style="bold cyan")
    console.print(line)


def printed(text: str) -> None:
    """What a command prints."""
    for line in text.strip("\n").splitlines():
        if line.strip():
            console.print(Text(_indented(line.rstrip())))


def _indented(line: str) -> str:
    """A line below its command; what does not fit goes on below it, further in."""
    inner = len(line) - len(line.lstrip())
    return textwrap.fill(
        line,
        COLUMNS,
        initial_indent=" " * INDENT,
        subsequent_indent=" " * (INDENT + inner + 4),
        break_long_words=False,
        break_on_hyphens=False,
    )


def run(*words: str) -> str:
    """Run one command of `comity` in this very process, saving its start; what it prints."""
    command = typer.main.get_command(app)
    common.out.width = COLUMNS - INDENT
    with common.out.capture() as captured:
        command.main(list(words), prog_name="comity", standalone_mode=False)
    return captured.get()


def shown(who: str, *words: str, beginning: str = "") -> str:
    """Show a command, run it, show what it prints and how long that took; `beginning` with that line."""
    typed(who, *words)
    began = time.perf_counter()
    text = run(*words)
    took = time.perf_counter() - began
    skipped, found, rest = text.partition(beginning) if beginning else ("", "", text)
    printed(f"… {len(skipped.splitlines())} lines before it\n{found}{rest}" if skipped else _first_hit(text))
    console.print(Text(f"      ({took:.2f} s)", style="dim"))
    return text


def answered(who: str, *words: str, stopped: str = "") -> str:
    """As `shown`, of a lookup: whoever is busy with something else may not answer in time, and is asked again.

    `stopped` is the node that will not answer.
    """
    text = shown(who, *words)
    for _ in range(ASKED_AGAIN_MAX):
        if not set(SILENT.findall(text)) - {stopped}:
            break
        say("This machine is busy: not every node answered in time. The officer asks again.")
        text = shown(who, *words)
    return text


def _first_hit(text: str) -> str:
    """An answer with many hits is long: the likeliest of them, and how many more there are."""
    lines = text.splitlines()
    hits = [number for number, line in enumerate(lines) if line.startswith(HIT)]
    if len(hits) < 2:
        return text
    end = next(number for number in range(hits[-1] + 1, len(lines)) if not lines[number].startswith(" "))
    return "\n".join([*lines[: hits[1]], f"… and {len(hits) - 1} more, less alike", *lines[end:]])


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say what is done, and when it was, how long it took."""
    began = time.perf_counter()
    if what:
        say(what)
    yield
    console.print(Text(f"      ({time.perf_counter() - began:.1f} s)", style="dim"))


def watch(totals: dict[str, int], reached: Callable[[], dict[str, int]], going_on: Callable[[], bool]) -> None:
    """Show how far several things have come until nothing goes on: bars on a terminal, lines elsewhere."""
    if console.is_terminal:
        _bars(totals, reached, going_on)
    else:
        _lines(totals, reached, going_on)


def _bars(totals: dict[str, int], reached: Callable[[], dict[str, int]], going_on: Callable[[], bool]) -> None:
    columns = (TextColumn("  {task.description:12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        tasks = {name: bars.add_task(name, total=total) for name, total in totals.items()}
        more = True
        while more:
            more = going_on()
            for name, count in reached().items():
                bars.update(tasks[name], completed=min(count, totals[name]))
            time.sleep(TICK_SECONDS if more else 0)


def _lines(totals: dict[str, int], reached: Callable[[], dict[str, int]], going_on: Callable[[], bool]) -> None:
    began = told = time.monotonic()
    more = True
    while more:
        more = going_on()
        if not more or time.monotonic() - told >= LINE_EACH_SECONDS:
            told = time.monotonic()
            counts = ", ".join(f"{name} {count:,} of {totals[name]:,}" for name, count in reached().items())
            console.print(f"  {told - began:4.0f} s  {counts}")
        time.sleep(TICK_SECONDS if more else 0)
