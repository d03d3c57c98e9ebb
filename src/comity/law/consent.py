"""Consents as the law looks at them: given, not past their day, and for exactly what they were given."""

from collections.abc import Iterable
from datetime import date

from comity.domain.circumstances import Consent
from comity.domain.consent import ConsentCase, ConsentState


def in_force(cases: Iterable[tuple[ConsentCase, str]], on: date) -> tuple[Consent, ...]:
    """Those that hold that day, each with the owner as a party (a two-letter country, or an organisation's name)."""
    return tuple(
        Consent(
            given_by=party,
            record=case.terms.record,
            use=case.terms.use,
            purpose=case.terms.purpose,
            recipient=case.terms.recipient,
            reference=case.id,
            until=case.until,
        )
        for case, party in cases
        if case.state is ConsentState.GIVEN and case.until is not None and on <= case.until
    )
