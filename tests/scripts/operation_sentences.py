"""Sentences on joint operations."""

from datetime import date

from comity.domain.caller import Caller
from comity.domain.marking import Marking
from comity.domain.operation import Closed, Deed, Joined, Left, Noted, TaskSet, WholeOperation
from tests.desks.casework import duty
from tests.scripts.casework_sentences import NUMBER
from tests.scripts.sentences import COUNTRIES, WHO, Story, node_of, sentence

BUREAU = r"(?P<bureau>[A-Z][a-z]+)"


@sentence(rf"{WHO} founds operation (?P<name>\w+) from {NUMBER}\.")
def founds(story: Story, who: str, name: str, number: str) -> None:
    caller = story.caller(who)
    story.operation = story.federation[caller.bureau].operations.found(story.filed[number], name, caller).head.id


@sentence(rf"{WHO} takes {BUREAU} into the operation(?:, from number (?P<number>\d+))?\.")
def takes_in(story: Story, who: str, bureau: str, number: str | None) -> None:
    _write(story, who, Joined(bureau=node_of(bureau)), int(number or 0))


@sentence(rf"{WHO} lets {BUREAU} go from the operation\.")
def lets_go(story: Story, who: str, bureau: str) -> None:
    _write(story, who, Left(bureau=node_of(bureau)))


@sentence(rf"{WHO} tells the operation: (?P<text>.+\.)")
def tells(story: Story, who: str, text: str) -> None:
    _write(story, who, Noted(text=text))


@sentence(rf"{WHO} sets the operation's task (?P<task>\w+) for {BUREAU}: (?P<title>.+)\.")
def sets_a_task(story: Story, who: str, task: str, bureau: str, title: str) -> None:
    _write(story, who, TaskSet(task=task, title=title, owner=node_of(bureau), due_on=date(2031, 5, 3)))


@sentence(rf"{WHO} closes the operation: (?P<report>.+\.)")
def closes(story: Story, who: str, report: str) -> None:
    _write(story, who, Closed(report=report))


@sentence(rf"For {WHO} the operation says: (?P<text>.+\.)")
def says(story: Story, who: str, text: str) -> None:
    entries = [one.entry.deed for one in _seen(story, who).log if one.entry is not None]
    found = " ".join(one.text for one in entries if isinstance(one, Noted))
    assert found == text, f"for {who} it says {found}"


@sentence(rf"For {WHO} the operation is the same as for (?P<other>[A-Z][a-z]+)\.")
def is_the_same(story: Story, who: str, other: str) -> None:
    assert _seen(story, who).operation == _seen(story, other).operation


@sentence(rf"For {WHO} the operation is (?P<state>open|closed)\.")
def is_open(story: Story, who: str, state: str) -> None:
    assert (state == "closed") == bool(_seen(story, who).operation.report)


def _caller(story: Story, who: str) -> Caller:
    """One of the cast, or a bureau's duty desk by the name of its country."""
    return duty(COUNTRIES[who][0]) if who in COUNTRIES else story.caller(who)


def _write(story: Story, who: str, deed: Deed, shares_from: int = 0) -> None:
    caller = _caller(story, who)
    story.federation[caller.bureau].operations.write(story.operation, deed, Marking(), shares_from, caller)


def _seen(story: Story, who: str) -> WholeOperation:
    caller = _caller(story, who)
    return story.federation[caller.bureau].operations.show(story.operation, caller)
