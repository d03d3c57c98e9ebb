"""Sentences on cases and messages between bureaus."""

from contextlib import suppress

from comity.domain.case import NewCase
from comity.domain.collection import Category
from comity.domain.errors import Missing, NotPermitted
from comity.domain.mail import Draft, Mail, Urgency
from comity.domain.marking import Handling, Marking
from comity.domain.purpose import Purpose
from tests.scripts.sentences import WHO, Story, node_of, sentence

NUMBER = r"(?P<number>[A-Z]+-\d+)"


@sentence(rf"{WHO} opens case {NUMBER} on (?P<category>[a-z ]+)\.")
def opens_a_case(story: Story, who: str, number: str, category: str) -> None:
    caller = story.caller(who)
    about = NewCase(
        number=number,
        title="A case",
        category=Category(category.replace(" ", "-")),
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        basis="section 94",
    )
    story.filed[number] = story.federation[caller.bureau].cases.open(about, caller).id


@sentence(
    rf"{WHO} writes from {NUMBER} to (?P<to>[\w, ]+?)"
    r"(?: with (?P<handling>H[0-3]))?(?:, (?P<urgency>emergency|urgent|routine))?: (?P<text>.+[.?])"
)
def writes(story: Story, who: str, number: str, to: str, handling: str | None, urgency: str | None, text: str) -> None:
    story.mail = _written(story, who, number, to, handling, urgency, text)


@sentence(
    rf"{WHO} may not write from {NUMBER} to (?P<to>[\w, ]+?)(?P<drawing> from the last message)?: (?P<clause>.+)\."
)
def may_not_write(story: Story, who: str, number: str, to: str, drawing: str | None, clause: str) -> None:
    refusals: list[tuple[str, ...]] = []
    try:
        _written(story, who, number, to, None, None, "May I?", (story.mail,) if drawing else ())
    except NotPermitted as refused:
        refusals.append(refused.clauses)
    assert refusals == [(clause,)], f"it was refused by {refusals}" if refusals else f"{who} could write"


@sentence(rf"{WHO} files the last message into {NUMBER}\.")
def files(story: Story, who: str, number: str) -> None:
    caller = story.caller(who)
    story.federation[caller.bureau].mail.file(story.mail, story.filed[number], caller)


@sentence(rf"{WHO} reads: (?P<text>.+[.?])")
def reads(story: Story, who: str, text: str) -> None:
    found = _message(story, who)
    assert found.message is not None
    assert found.message.text == text, f"{who} reads {found.message.text!r}"


@sentence(rf"{WHO} cannot read the last message\.")
def cannot_read(story: Story, who: str) -> None:
    with suppress(Missing):
        _message(story, who)
        raise AssertionError(f"{who} could read it")


@sentence(rf"{WHO} answers (?P<to>\w+)(?: with (?P<handling>H[0-3]))?: (?P<text>.+[.?])")
def answers(story: Story, who: str, to: str, handling: str | None, text: str) -> None:
    caller = story.caller(who)
    desk = story.federation[caller.bureau].mail
    story.asked = story.mail
    story.mail = desk.send(desk.reply(story.mail, _draft(to, handling, None, text), caller).id, caller).id


@sentence(rf"For {WHO} the last (?P<which>message|question) is (?P<state>sent|opened|answered)(?P<late> and late)?\.")
def stands(story: Story, who: str, which: str, state: str, late: str | None) -> None:
    caller = story.caller(who)
    with story.federation[caller.bureau].store.reading() as tx:
        found = tx.mail.get(story.mail if which == "message" else story.asked)
    assert found is not None
    (leg,) = found.legs
    assert leg.state == state, f"for {who} it is {leg.state}"
    assert bool(leg.escalated_at) == bool(late), f"for {who} it is {'' if leg.escalated_at else 'not '}late"


def _message(story: Story, who: str) -> Mail:
    caller = story.caller(who)
    return story.federation[caller.bureau].mail.show(story.mail, caller)


def _written(
    story: Story,
    who: str,
    number: str,
    to: str,
    handling: str | None,
    urgency: str | None,
    text: str,
    includes: tuple[str, ...] = (),
) -> str:
    caller = story.caller(who)
    desk = story.federation[caller.bureau].mail
    draft = desk.write(story.filed[number], _draft(to, handling, urgency, text, includes), caller)
    return desk.send(draft.id, caller).id


def _draft(to: str, handling: str | None, urgency: str | None, text: str, includes: tuple[str, ...] = ()) -> Draft:
    names = to.replace(" and ", ", ").split(", ")
    return Draft(
        to=tuple(node_of(name) for name in names),
        subject="A matter",
        text=text,
        urgency=Urgency(urgency or "routine"),
        asks=text.endswith("?"),
        marking=Marking(handling=(Handling(handling or "H0"),)),
        includes=includes,
    )
