"""What passes between nodes is counted, and the counts name nobody."""

from comity.domain.hit import Priority
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.conftest import STOLEN


def test_questions_and_letters_are_counted_on_both_sides(federation: Federation):
    hit = federation.answer_of(HUB, federation.ask("ada", STOLEN)).findings[0].hit
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    federation.post()
    counts = {name: node.metrics.text().decode() for name, node in federation.nodes.items()}
    assert 'comity_question_seconds_count{kind="document",outcome="hit"} 1.0' in counts[HUB]
    assert 'comity_letters_total{kind="confirmation-request",way="sent"} 1.0' in counts[ALDOVA]
    assert 'comity_letters_total{kind="confirmation-request",way="received"} 1.0' in counts[BERGENIA]
    assert STOLEN.number not in "".join(counts.values())
