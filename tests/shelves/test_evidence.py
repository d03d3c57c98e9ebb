"""The shelves of evidence, alarms and recalls: what is proved stays; whoever must be told is told until they know."""

from datetime import timedelta

from comity.domain import limits
from comity.domain.evidence import Step
from comity.domain.letter import Lane
from comity.domain.post import Alarm, Recall, Wrong
from comity.storage.database import Database
from comity.wire.evidence import digest_of
from tests.shelves.post_samples import proof
from tests.shelves.samples import NOW


def test_one_piece_proves_a_step_of_many_letters(store: Database):
    piece = proof(Step.DELIVERED, 1, 2)
    with store.transaction() as tx:
        assert tx.evidence.keep(piece, NOW)
        assert tx.evidence.about("letter-1") == tx.evidence.about("letter-2") == [piece]
        assert tx.evidence.piece(Step.DELIVERED, "aldova", "letter-2", "bergenia") == digest_of(piece.signed)
        assert tx.evidence.piece(Step.OPENED, "aldova", "letter-2", "bergenia") is None


def test_the_first_proof_of_a_step_counts(store: Database):
    again = proof(Step.DELIVERED, 1, by="bergenia ")
    with store.transaction() as tx:
        tx.evidence.keep(proof(Step.DELIVERED, 1), NOW)
        assert not tx.evidence.keep(again, NOW, tell="hub")
        assert tx.evidence.about("letter-1") == [proof(Step.DELIVERED, 1)]
        assert tx.evidence.to_tell("hub", 10) == []


def test_steps_of_one_moment_come_in_their_order(store: Database):
    pieces = [proof(Step.SUBMITTED, 1), proof(Step.RELAYED, 1), proof(Step.DELIVERED, 1), proof(Step.OPENED, 1)]
    with store.transaction() as tx:
        for piece in reversed(pieces):
            tx.evidence.keep(piece, NOW)
        assert tx.evidence.about("letter-1") == pieces


def test_a_node_is_told_until_it_says_that_it_knows(store: Database):
    first, second = proof(Step.DELIVERED, 1), proof(Step.DELIVERED, 2)
    with store.transaction() as tx:
        tx.evidence.keep(first, NOW, tell="hub")
        tx.evidence.keep(second, NOW, tell="hub")
        assert tx.evidence.to_tell("hub", 10) == [first.signed, second.signed]
        assert tx.evidence.to_tell("hub", 1) == [first.signed]
        assert tx.evidence.to_tell("corvia", 10) == []
        tx.evidence.told("hub", [digest_of(first.signed)])
        assert tx.evidence.to_tell("hub", 10) == [second.signed]
        assert not tx.evidence.waits_to_be_told("hub", digest_of(first.signed))
        assert tx.evidence.waits_to_be_told("hub", digest_of(second.signed))


def test_evidence_is_forgotten_after_its_days(store: Database):
    with store.transaction() as tx:
        tx.evidence.keep(proof(Step.DELIVERED, 1), NOW, tell="hub")
        tx.evidence.expire(NOW + timedelta(days=limits.EVIDENCE_DAYS_KEPT))
        assert tx.evidence.about("letter-1")
        tx.evidence.expire(NOW + timedelta(days=limits.EVIDENCE_DAYS_KEPT, seconds=1))
        assert tx.evidence.about("letter-1") == []
        assert tx.evidence.to_tell("hub", 10) == []


def test_one_matter_is_one_alarm_until_somebody_clears_it(store: Database):
    gap = Alarm(wrong=Wrong.GAP, sender="aldova", lane=Lane.BULK, missing=(2, 3), what="missing", noted_at=NOW)
    with store.transaction() as tx:
        assert tx.alarms.note(gap)
        assert not tx.alarms.note(gap)
        ((key, standing),) = tx.alarms.every().items()
        assert standing == gap
        assert tx.alarms.clear(key) == gap
        assert tx.alarms.clear(key) is None
        assert tx.alarms.every() == {}


def test_a_recall_stands_until_it_is_done(store: Database):
    recall = Recall(sender="aldova", letter="letter-1", reason="wrong bureau", asked_at=NOW, arrived=True)
    with store.transaction() as tx:
        tx.recalls.put(recall)
        tx.recalls.put(recall)
        assert tx.recalls.every() == [recall]
        assert tx.recalls.get("aldova", "letter-1") == recall
        assert tx.recalls.get("corvia", "letter-1") is None
        tx.recalls.end("aldova", "letter-1")
        assert tx.recalls.every() == []
