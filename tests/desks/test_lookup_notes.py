"""What the journal says came of a lookup: no record only where somebody looked."""

import pytest

from comity.desks import lookup_notes
from comity.domain.lookup import Outcome, SourceAnswer
from tests.peers.federation import NOW, question

HIT, NONE, SILENT, REFUSED = Outcome.HIT, Outcome.NO_RECORD, Outcome.SILENT, Outcome.REFUSED


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ((SILENT, SILENT), SILENT),
        ((SILENT, REFUSED), REFUSED),
        ((SILENT, REFUSED, NONE), NONE),
        ((), SILENT),
    ],
)
def test_silence_is_not_written_as_no_record(told: tuple[Outcome, ...], outcome: Outcome):
    answers = [SourceAnswer(source="hub", question="q", outcome=one) for one in told]
    assert lookup_notes.shown(question(), NOW, answers).outcome == outcome
