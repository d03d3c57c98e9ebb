"""Every way out of a node stands in docs/protocol/ways-out.md with its guard; one that does not is found here."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.house import ways_out
from tests.house.test_docs import CODE, rows

PAGE = "docs/protocol/ways-out.md"
GUARDS = frozenset({"law", "own", "reference", "nothing", "door", "apart"})


class Way(NamedTuple):
    carries: str
    guard: str
    decided_by: str


# title of a table: the ways that the code has of that kind
FOUND: dict[str, Callable[[], set[str]]] = {
    "Letters": lambda: set(ways_out.letters()),
    "The officers' door": lambda: set(ways_out.officer_addresses()),
    "The console": lambda: set(ways_out.console_addresses()),
    "The federation's door": lambda: set(ways_out.federation_addresses()),
    "The watch door": lambda: set(ways_out.watch_addresses()),
    "Commands": lambda: set(ways_out.commands()),
    "Lines of the log": ways_out.logged,
}


def told(title: str) -> dict[str, Way]:
    """The rows of one table, by way."""
    return {CODE.findall(row[0])[0]: Way(row[1], *CODE.findall(row[2])[:1], row[3]) for row in rows(PAGE, title)}


@pytest.mark.parametrize("title", FOUND)
def test_every_way_out_stands_in_its_table(title: str):
    found, listed = FOUND[title](), set(told(title))
    advice = [
        f"{one!r} lets data out of a node and has no row in {PAGE}, ## {title}. Add\n"
        f"    | `{one}` | what goes out | `{' or '.join(sorted(GUARDS))}` | what decides, as `file.py` `name` |\n"
        f"  The guards are explained at the top of that page; one that can carry content needs `law`."
        for one in sorted(found - listed)
    ]
    advice += [f"{one!r} stands in {PAGE}, ## {title}, and is not there any more: take its row out." for one in
               sorted(listed - found)]  # fmt: skip
    assert not advice, "\n" + "\n".join(advice)


@pytest.mark.parametrize("title", FOUND)
def test_every_row_says_what_goes_out_and_what_stands_before_it(title: str):
    for name, way in told(title).items():
        assert way.guard in GUARDS, f"{name}: {way.guard!r} is no guard"
        assert way.carries, name
        assert way.guard not in ("law", "own") or way.decided_by not in ("", "–"), f"{name}: say what decides"


def test_what_can_carry_content_is_decided_by_the_law():
    """By the types of what goes out: a letter or an answer that can hold a record must be released by a decision."""
    wrong = []
    for name, kind in ways_out.letters().items():
        if wrongly := _content_without_law(ways_out.carries(kind), told("Letters")[name].guard, own=frozenset()):
            wrong.append(f"{name} can carry {wrongly}")
    for name, kind in ways_out.officer_addresses().items():
        guard, content = told("The officers' door")[name].guard, ways_out.carries(kind) if kind else set()
        if wrongly := _content_without_law(content, guard, own=frozenset({"own"})):
            wrong.append(f"{name} can carry {wrongly}")
    assert not wrong, "\n".join(wrong)


def _content_without_law(content: set[str], guard: str, own: frozenset[str]) -> str:
    """`own` are the guards under which an officer reads back a question of their own."""
    questions = all(one.endswith("Query") for one in content)
    if not content or guard == "law" or (questions and guard in own):
        return ""
    return f"{', '.join(sorted(content))} and has the guard `{guard}`: it must be `law`, and decided"


def test_a_command_does_what_its_guard_says():
    wrong = []
    for name, command in ways_out.commands().items():
        calls, guard = ways_out.functions_of(command), told("Commands")[name].guard
        opens, asks = bool(calls & {"opened", "Node"}), "bureau" in calls
        if (guard == "door") != (asks and not opens):
            wrong.append(f"{name} {'asks' if asks else 'does not ask'} the officers' door, and is {guard!r}")
        if guard == "apart" and (opens or asks):
            wrong.append(f"{name} opens a node or asks one, and is 'apart'")
    assert not wrong, "\n".join(wrong)


def test_every_door_is_one_whose_addresses_are_counted():
    assert ways_out.doors() == ways_out.DOORS, (
        "a new door: add its addresses to tests/house/ways_out.py, a table of its own to "
        f"{PAGE}, and the table's title to FOUND in tests/house/test_ways_out.py"
    )


def test_whatever_writes_a_file_or_talks_to_others_is_known():
    listed = set(re.findall(r"^\| `([\w/]+\.py)`", "\n".join(_lines("Files and connections")), re.MULTILINE))
    found = {one.removeprefix("comity/") for one in ways_out.writers()}
    assert found - listed == set(), f"writes a file or opens a connection: say in {PAGE} what for"
    assert listed - found == set(), "does so no more: take its row out"


def _lines(title: str) -> list[str]:
    return [f"| {' | '.join(row)}" for row in rows(PAGE, title)]
