"""May this message go to that bureau? What it says, and what of others' it passes on; and by when an answer is owed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from comity.domain.bureau import Member
from comity.domain.caller import Asker, Role
from comity.domain.circumstances import Circumstances, Use
from comity.domain.decision import Decision, Envelope, Request, Taken
from comity.domain.hit import Priority
from comity.domain.lookup import Reason
from comity.domain.mail import ANSWER_WITHIN, Message, Urgency
from comity.domain.marking import Handling, Marking
from comity.domain.reply import ReplyLevel
from comity.law import marking as marks
from comity.law.decision import Law, decide
from comity.law.weighed import engine

# What leaves a bureau goes to the other's duty desk, and from there to whom its own rules let see it.
READS_FOR_ITS_BUREAU = (Role.DUTY_OFFICER,)
# An agreement knows two speeds; an emergency is the urgent one.
PRIORITY = {Urgency.EMERGENCY: Priority.URGENT, Urgency.URGENT: Priority.URGENT, Urgency.ROUTINE: Priority.ROUTINE}
NOBODY_TO_ASK = Reason(
    clause="marking", text="It holds what came from somebody who is no member any more.", needed="Leave it out."
)

NOT_OURS = Reason(
    clause="rulebook", text="Your roles do not see all of such matter.", needed="Somebody whose roles do."
)


@dataclass(frozen=True)
class Ruling:
    """What the law said of sending something: `reason` where it must not go; `taken` lets it be decided again."""

    taken: tuple[Taken, ...] = ()
    reason: Reason | None = None

    @property
    def clauses(self) -> tuple[str, ...]:
        if self.reason is not None:
            return (self.reason.clause,) if self.reason.clause else ()
        return tuple(dict.fromkeys(clause for one in self.taken for clause in one.decision.clauses))


def may_write(message: Message, roles: Collection[Role], law: Law) -> Ruling:
    """Whether our own rules let somebody of these roles work with such matter for that purpose at all."""
    needed = _needed(message)
    found = law.officer(roles, message.category, message.purpose, needed)
    return Ruling() if found.level >= needed else Ruling(reason=found.reason or NOT_OURS)


def telling(message: Message, author: Member, recipient: Member, law: Law, today: date) -> Ruling:
    """Whether the author's bureau may tell the recipient what is in this message.

    Free text may hold anything, so nothing less than `full` lets it out; a form alone holds no more than a core.
    """
    request = Request(
        asker=party(recipient),
        owner=party(author),
        category=message.category,
        purpose=message.purpose,
        roles=READS_FOR_ITS_BUREAU,
        bureau=recipient.id,
        standing=recipient.stands(today, message.category),
        circumstances=Circumstances(priority=PRIORITY[message.urgency], language=message.language),
    )
    return _ruled(request, _envelope(message, author, today), _needed(message), law, today)


def passing_on(
    message: Message, author: Member, origin: Member | None, recipient: Member, law: Law, today: date
) -> Ruling:
    """Whether what came from `origin` and went into this message may be passed on. None: that is no member any more."""
    if origin is None:
        return Ruling(reason=NOBODY_TO_ASK)
    # The source's own word goes before every agreement. Falls without it: tests/law/test_mail.py
    if Handling.H2 in message.marking.handling:
        text = f"It holds what came from {origin.id} and is not to be passed on without permission."
        needed = f"{origin.id} may send it there itself; or leave it out."
        return Ruling(reason=Reason(clause="marking H2", text=text, needed=needed))
    request = Request(
        asker=party(author),
        owner=party(origin),
        category=message.category,
        purpose=message.purpose,
        roles=READS_FOR_ITS_BUREAU,
        bureau=author.id,
        circumstances=Circumstances(use=Use.ONWARD, recipient=party(recipient)),
    )
    return _ruled(request, _envelope(message, origin, today), ReplyLevel.FULL, law, today)


def answer_within(message: Message, asker: Member, owner: Member, law: Law, today: date) -> timedelta:
    """The time in which `owner` owes an answer: as their agreement says, else by how urgent it is."""
    agreed = asked_of(message, asker, owner, law, today).answer_within_minutes
    return ANSWER_WITHIN[message.urgency] if agreed is None else timedelta(minutes=agreed)


def asked_of(message: Message, asker: Member, owner: Member, law: Law, today: date) -> Decision:
    """What their law says where `asker` is told by `owner` what such a message tells."""
    stated = Circumstances(priority=PRIORITY[message.urgency])
    request = Request(
        asker=party(asker),
        owner=party(owner),
        category=message.category,
        purpose=message.purpose,
        roles=READS_FOR_ITS_BUREAU,
        bureau=asker.id,
        circumstances=stated,
    )
    return decide(request, None, law, today)


def may_read(marking: Marking, bureau: str, country: str, roles: Collection[Role], law: Law) -> bool:
    """Whether somebody of this bureau with these roles may read what is marked so."""
    reader = Asker(bureau=bureau, country=country, unit="", officer="", roles=tuple(sorted(roles)))
    return marks.level_of(marking, bureau, country, reader, law.texts.book) is ReplyLevel.FULL


def _needed(message: Message) -> ReplyLevel:
    # A file may hold anything, as free text may. Falls without it: tests/desks/test_files.py
    return ReplyLevel.FULL if message.text or message.files else ReplyLevel.CORE


def _envelope(message: Message, source: Member, today: date) -> Envelope:
    return Envelope(
        record=message.id,
        source=source.id,
        country=source.manifest.country,
        retain_until=today,
        marking=message.marking,
    )


def party(member: Member) -> str:
    """How agreements name it."""
    return member.manifest.country or member.id


def _ruled(request: Request, envelope: Envelope, needed: ReplyLevel, law: Law, today: date) -> Ruling:
    found = decide(request, envelope, law, today)
    taken = (Taken(request=request, envelope=envelope, on=today, engine=engine(), decision=found),)
    if found.level >= needed:
        return Ruling(taken)
    if found.reason is not None:
        return Ruling(taken, found.reason)
    told = Reason(
        clause=found.clauses[0] if found.clauses else "",
        text=f"It lets out {found.level.word} at the most; this needs {needed.word}.",
        needed="A form without free text, where the core may be told; or another way.",
    )
    return Ruling(taken, told)
