"""Can this answer be taken? What another node may say, and of whom."""

from comity.domain.bureau import Member, NodeRole
from comity.domain.errors import Unavailable
from comity.domain.hit import hit_id
from comity.domain.lookup import Finding, Outcome, Question, SourceAnswer
from comity.domain.record import record_id
from comity.domain.reply import ReplyLevel


def credible(answer: SourceAnswer, member: Member, question: Question) -> SourceAnswer:
    """The answer of that member. Raises Unavailable: one that cannot be taken is silence, and is shown as such."""
    # No proof, no read: a source that has not written its answer down could deny it afterwards.
    # Falls without each: tests/desks/test_credible.py
    if answer.receipt is None or not answer.receipt.origin.startswith(f"{member.id}/"):
        raise _unusable(member, "it does not say where it was written down")
    if (answer.outcome is Outcome.HIT) != bool(answer.findings):
        raise _unusable(member, "it contradicts itself")
    for finding in answer.findings:
        if member.manifest.role is not NodeRole.HUB and finding.owner != member.id:
            raise _unusable(member, "it speaks of records of others")
        if finding.level is ReplyLevel.NOTHING or not _ids_follow(finding, question):
            raise _unusable(member, "its ids do not follow from what it tells")
    return answer


def _ids_follow(finding: Finding, question: Question) -> bool:
    """A hit's id follows from question and record, a record's from its owner.

    Or a source could take the place of another's hit in our register, and confirm or deny it in the other's stead. Of a
    bare hit it cannot be seen.
    """
    if finding.level is ReplyLevel.HIT:
        return True
    record = record_id(finding.collection, finding.owner, finding.reference)
    return finding.record == record and finding.hit == hit_id(question.id, record)


def _unusable(member: Member, why: str) -> Unavailable:
    return Unavailable(f"The answer of {member.id} cannot be taken: {why}.", do="Tell its operator.")
