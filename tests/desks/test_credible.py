"""What another node may say, and of whom: anything else is silence."""

from typing import Any

import msgspec
import pytest

from comity.desks.credible import credible
from comity.domain.bureau import Member
from comity.domain.errors import Unavailable
from comity.domain.hit import hit_id
from comity.domain.journal import Receipt
from comity.domain.lookup import Finding, Outcome, Question, SourceAnswer
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.domain.reply import ReplyLevel
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.federation.conftest import STOLEN

RECEIPT = Receipt(origin=f"{BERGENIA}/disclosures", index=1, leaf="00")
RECORD = record_id("sltd", BERGENIA, "D-1")


@pytest.fixture(scope="module")
def question(standing: Federation) -> Question:
    aldova = standing[ALDOVA]
    asked: list[Question] = []
    aldova.lookups.search.answer = _remembering(aldova.lookups.search.answer, asked)  # type: ignore[method-assign]
    standing.ask("ada", STOLEN, Purpose.BORDER_CONTROL)
    return asked[0]


def _remembering(answer: Any, asked: list[Question]) -> Any:
    def remembered(tx: Any, law: Any, question: Question, *more: Any) -> Any:
        asked.append(question)
        return answer(tx, law, question, *more)

    return remembered


def member(standing: Federation, name: str) -> Member:
    found = standing[HUB].members.directory().member(name)
    assert found is not None
    return found


def finding(question: Question, **fields: Any) -> Finding:
    told = {
        "hit": hit_id(question.id, RECORD),
        "owner": BERGENIA,
        "contact": "duty desk",
        "category": "travel-documents",
        "level": ReplyLevel.CORE,
        "collection": "sltd",
        "record": RECORD,
        "reference": "D-1",
    }
    return Finding(**{**told, **fields})


def answer(question: Question, *findings: Finding, **fields: Any) -> SourceAnswer:
    told = {
        "source": BERGENIA,
        "question": question.id,
        "outcome": Outcome.HIT if findings else Outcome.NO_RECORD,
        "findings": findings,
        "receipt": RECEIPT,
    }
    return SourceAnswer(**{**told, **fields})


def test_what_fits_is_taken_as_it_is(standing: Federation, question: Question):
    bare = finding(question, level=ReplyLevel.HIT, collection="", record="", reference="", hit="not to be checked")
    for told in (answer(question), answer(question, finding(question)), answer(question, bare)):
        assert credible(told, member(standing, BERGENIA), question) == told


def test_the_hub_answers_for_others(standing: Federation, question: Question):
    told = answer(question, finding(question), receipt=msgspec.structs.replace(RECEIPT, origin="hub/disclosures"))
    assert credible(told, member(standing, HUB), question) == told


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"receipt": None}, "written down"),
        ({"receipt": Receipt(origin=f"{CORVIA}/disclosures", index=1, leaf="00")}, "written down"),
        ({"outcome": Outcome.HIT}, "contradicts itself"),
    ],
)
def test_an_answer_that_is_none(standing: Federation, question: Question, fields: dict[str, Any], why: str):
    with pytest.raises(Unavailable, match=why):
        credible(answer(question, **fields), member(standing, BERGENIA), question)


def test_findings_under_another_outcome_than_a_hit(standing: Federation, question: Question):
    told = answer(question, finding(question), outcome=Outcome.NO_RECORD)
    with pytest.raises(Unavailable, match="contradicts itself"):
        credible(told, member(standing, BERGENIA), question)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"owner": CORVIA}, "records of others"),
        ({"owner": CORVIA, "level": ReplyLevel.HIT}, "records of others"),
        ({"level": ReplyLevel.NOTHING}, "ids do not follow"),
        ({"record": "another"}, "ids do not follow"),
        ({"reference": "D-2"}, "ids do not follow"),
        ({"hit": "another"}, "ids do not follow"),
    ],
)
def test_a_finding_that_is_none(standing: Federation, question: Question, fields: dict[str, Any], why: str):
    with pytest.raises(Unavailable, match=why):
        credible(answer(question, finding(question, **fields)), member(standing, BERGENIA), question)
