"""A letter that could not be delivered in time is given up, and what comes after it still arrives."""

from comity.domain.hit import Priority
from comity.domain.journal import Act
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import STOLEN


def silent_for_a_month(federation: Federation) -> None:
    federation.line.out_of_reach = {BERGENIA}
    federation[ALDOVA].courier.deliver_once(federation.time())
    federation.time.pass_by(days=31)
    federation[HUB].members.refresh()
    for name in (ALDOVA, CORVIA):
        federation[name].follower.follow_once()
    for node in federation.nodes.values():
        node.letters.expire()
    federation.line.out_of_reach = set()
    federation[BERGENIA].follower.follow_once()


def test_the_recipient_learns_that_there_was_a_letter_and_gets_the_next(federation: Federation):
    hit = federation.answer_of(HUB, federation.ask("ada", STOLEN)).findings[0].hit
    federation[ALDOVA].hits.request(hit, Priority.URGENT, "", federation.cast["ada"])
    silent_for_a_month(federation)
    assert [one.act for one in federation.journal(ALDOVA)].count(Act.LETTER_EXPIRED) == 1
    federation[ALDOVA].hits.escalate()  # writes a second request
    federation.post()
    told = [one for one in federation.journal(BERGENIA) if one.act is Act.LETTER_EXPIRED]
    assert [(one.actor, one.outcome) for one in told if one.actor == ALDOVA] == [(ALDOVA, "confirmation-request")]
    assert federation[BERGENIA].hits.one(hit, federation.cast["ben"]).state == "requested"
    assert federation[ALDOVA].letters.expire() == 0
