"""Reads an instrument's text and checks it: its shape, its clauses, its own examples."""

import msgspec

from comity.domain.decision import Envelope, LayerDecision, Request
from comity.domain.errors import Invalid
from comity.domain.instrument import Example, Instrument, Layer
from comity.domain.reply import ReplyLevel
from comity.law import layers
from comity.law.facts import facts
from comity.law.rulebook import Rulebook, shipped_rulebook
from comity.law.soundness import Complaint, complaints, of_offences
from comity.law.texts import Texts
from comity.law.toml_text import line_of, place, read

EXAMPLE = "example"  # the record of every example, for which consents in it are given


def shaped(text: bytes, file_name: str) -> Instrument:
    """The instrument that the TOML text holds, of the right shape, whether or not it could be executed.

    Raises Invalid, with file and line.
    """
    return read(text, file_name, Instrument)


def read_instrument(text: bytes, file_name: str, book: Rulebook | None = None) -> Instrument:
    """The instrument that the TOML text holds. Raises Invalid, with file and line, where it could not be executed."""
    instrument = shaped(text, file_name)
    found = list(complaints(instrument, (book or shipped_rulebook()).obligations))
    if found:
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        line = line_of(text.decode("utf-8-sig"), found[0].path)
        raise Invalid(f"{found[0]}{more}", where=place(file_name, line), do="Correct the text.")
    return instrument


def check(instrument: Instrument, book: Rulebook | None = None) -> list[str]:
    """All that is wrong with it, its failing examples included; empty where it may be adopted."""
    return [str(complaint) for complaint in _checked(instrument, book or shipped_rulebook())]


def check_text(text: bytes, file_name: str, book: Rulebook | None = None) -> list[str]:
    """As `check`, each complaint with its file and line. Raises Invalid where the text is no instrument at all."""
    instrument = shaped(text, file_name)
    lines = text.decode("utf-8-sig")
    return [
        f"{place(file_name, line_of(lines, complaint.path))}: {complaint}"
        for complaint in _checked(instrument, book or shipped_rulebook())
    ]


def _checked(instrument: Instrument, book: Rulebook) -> list[Complaint]:
    if found := [*complaints(instrument, book.obligations), *of_offences(instrument)]:
        return found
    # Whether it is suspended today says nothing about what its text permits.
    running = msgspec.structs.replace(instrument, suspended=False)
    try:
        law = Texts([(running, "")], book)
    except Invalid as refused:
        return [Complaint((), str(refused))]
    ran = ((index, one, run(one, law, running)) for index, one in enumerate(instrument.examples))
    return [
        Complaint(("examples", index), wrong)
        for index, example, found in ran
        if (wrong := _missed(instrument.id, example, found))
    ]


def run(example: Example, law: Texts, instrument: Instrument) -> LayerDecision:
    """What the instrument says to its own example, taken alone; `law` holds it and no other."""
    today = example.on or instrument.in_force_from
    request = Request(
        asker=example.asker,
        owner=example.owner,
        category=example.category,
        purpose=example.purpose,
        roles=(example.role,),
        officer_named=example.officer_named,
        circumstances=example.circumstances,
    )
    envelope = Envelope(record=EXAMPLE, source=example.owner, retain_until=today, traits=example.traits)
    bound, seen = law.slice(request.asker, request.owner), facts(request, envelope, today)
    if instrument.layer is Layer.AGREEMENT:
        return layers.agreements(bound, request, seen, today)
    found = [
        *layers.organisation(bound, request, seen, today),
        *layers.national_laws(bound, request, seen, today),
    ]
    return found[0] if found else LayerDecision(layer=instrument.layer, level=ReplyLevel.FULL)


def _missed(name: str, example: Example, decision: LayerDecision) -> str:
    """How the outcome differs from what the example expects; '' where it does not."""
    found = decision.level.word if decision.level > ReplyLevel.NOTHING else "refused"
    if found != example.expect:
        by = ", ".join(decision.clauses) or (decision.reason.text if decision.reason else "nothing")
        return f"Example {example.what!r}: expected {example.expect}, found {found} ({by})."
    deciding = decision.clauses or ((decision.reason.clause,) if decision.reason else ())
    if example.clause and f"{name} {example.clause}" not in deciding:
        return f"Example {example.what!r}: expected {example.clause} to decide, found {', '.join(deciding)}."
    reason = f"{decision.reason.text} {decision.reason.needed}" if decision.reason else ""
    if example.why and example.why not in reason:
        return f"Example {example.what!r}: expected {example.why!r} in the reason, found {reason!r}."
    return _missed_duty(example, decision)


def _missed_duty(example: Example, decision: LayerDecision) -> str:
    """The same of what follows from being told."""
    if lacking := [code for code in example.owes if code not in decision.obligations]:
        owed = ", ".join(decision.obligations) or "nothing"
        return f"Example {example.what!r}: expected that {', '.join(lacking)} is owed, found {owed}."
    minutes = decision.answer_within_minutes
    if example.answer_within_minutes is not None and minutes != example.answer_within_minutes:
        found, wanted = "no time" if minutes is None else f"{minutes} minutes", example.answer_within_minutes
        return f"Example {example.what!r}: expected an answer within {wanted} minutes, found {found}."
    return ""
