"""Which questions are kept after they were asked or answered: what comes later and answers them is told."""

from collections.abc import Sequence
from datetime import date

from comity.desks.needs import Transaction
from comity.domain.kept import Kept
from comity.domain.lookup import Question
from comity.law.keeping import kept_until
from comity.law.rulebook import Rulebook


def keep(tx: Transaction, questions: Sequence[Question], on_behalf_of: str, today: date, book: Rulebook) -> None:
    """For as long as the rulebook allows for the purpose."""
    until = [(question, kept_until(question.purpose, today, book)) for question in questions]
    # Whoever was asked too knows the id, and must not put a question of its own in the place of another's: what
    # stands stays. Falls without it: tests/desks/test_late.py
    kept = [Kept(question=one, until=day, on_behalf_of=on_behalf_of) for one, day in until if day is not None]
    tx.kept.keep_all(kept)
