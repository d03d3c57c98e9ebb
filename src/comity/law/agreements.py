"""Reads an agreement's text and checks it: its shape, its clauses, its own examples."""

from datetime import date

import msgspec

from comity.domain.agreement import Agreement, Example
from comity.domain.bureau import Standing
from comity.domain.errors import Invalid
from comity.domain.reply import ReplyLevel
from comity.law.decision import Decision, Law
from comity.law.rulebook import Rulebook, shipped_rulebook
from comity.law.soundness import Complaint, complaints
from comity.law.toml_text import line_of, place, read


def read_agreement(text: bytes, file_name: str, book: Rulebook | None = None) -> Agreement:
    """The agreement that the TOML text holds. Raises Invalid, with file and line, where it could not be executed."""
    agreement = read(text, file_name, Agreement)
    found = list(complaints(agreement, (book or shipped_rulebook()).obligations))
    if found:
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        line = line_of(text.decode("utf-8-sig"), found[0].path)
        raise Invalid(f"{found[0]}{more}", where=place(file_name, line), do="Correct the text.")
    return agreement


def check(agreement: Agreement, book: Rulebook | None = None) -> list[str]:
    """All that is wrong with it, its failing examples included; empty where it may be adopted."""
    return [str(complaint) for complaint in _checked(agreement, book or shipped_rulebook())]


def check_text(text: bytes, file_name: str, book: Rulebook | None = None) -> list[str]:
    """As `check`, each complaint with its file and line. Raises Invalid where the text is no agreement at all."""
    agreement = read(text, file_name, Agreement)
    lines = text.decode("utf-8-sig")
    return [
        f"{place(file_name, line_of(lines, complaint.path))}: {complaint}"
        for complaint in _checked(agreement, book or shipped_rulebook())
    ]


def _checked(agreement: Agreement, book: Rulebook) -> list[Complaint]:
    if found := list(complaints(agreement, book.obligations)):
        return found
    # Whether it is suspended today says nothing about what its text permits.
    running = msgspec.structs.replace(agreement, suspended=False)
    try:
        law = Law([(running, "")], book)
    except Invalid as refused:
        return [Complaint((), str(refused))]
    ran = (
        (index, example, _decided(law, example, agreement.in_force_from))
        for index, example in enumerate(agreement.examples)
    )
    return [
        Complaint(("examples", index), wrong)
        for index, example, decision in ran
        if (wrong := _missed(agreement.id, example, decision))
    ]


def _decided(law: Law, example: Example, default_day: date) -> Decision:
    return law.between(
        example.asker,
        Standing.ACTIVE,
        example.owner,
        example.category,
        example.purpose,
        {example.role},
        example.on or default_day,
    )


def _missed(name: str, example: Example, decision: Decision) -> str:
    """How the decision differs from what the example expects; '' where it does not."""
    found = decision.level.word if decision.level > ReplyLevel.NOTHING else "refused"
    if found != example.expect:
        by = ", ".join(decision.clauses) or (decision.reason.clause if decision.reason else "nothing")
        return f"Example {example.what!r}: expected {example.expect}, found {found} ({by})."
    deciding = decision.clauses or ((decision.reason.clause,) if decision.reason else ())
    if example.clause and f"{name} {example.clause}" not in deciding:
        return f"Example {example.what!r}: expected {example.clause} to decide, found {', '.join(deciding)}."
    return ""
