"""What may stand in a text of law, and is probably not what was meant."""

from collections.abc import Iterator

from comity.domain.instrument import Clause, Instrument
from comity.law.soundness import Complaint
from comity.law.toml_text import Path
from comity.law.words import days, minutes


def odd(instrument: Instrument) -> Iterator[Complaint]:
    """Each with where it stands."""
    if not instrument.examples:
        yield Complaint(("id",), "It has no examples: nothing shows that it does what was signed.")
    for index, clause in enumerate(instrument.clauses):
        yield from _clause(("clauses", index), clause)


def _clause(path: Path, clause: Clause) -> Iterator[Complaint]:
    within, duties = clause.answer_within, clause.duties
    if within and within.urgent_minutes and within.routine_minutes and within.urgent_minutes > within.routine_minutes:
        urgent, routine = minutes(within.urgent_minutes), minutes(within.routine_minutes)
        what = f"{clause.id}: what is urgent is answered within {urgent}, what is routine within {routine}."
        yield Complaint((*path, "answer_within"), what)
    if duties and duties.keep_records_days and duties.erase_after_days:
        kept, held = duties.keep_records_days, duties.erase_after_days
        if kept < held:
            what = (
                f"{clause.id}: a record is held for {days(held)}, who looked at it is known for {days(kept)} alone; "
                "keep_records_days is usually as long as erase_after_days, or longer."
            )
            yield Complaint((*path, "duties"), what)
