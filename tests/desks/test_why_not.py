"""Why a record of one's own is not found: for whoever may see it whole, and never unwritten."""

import msgspec
import pytest

from comity.domain.errors import Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.lookup import PersonQuery
from comity.domain.person import IdentityDocument
from comity.domain.purpose import Purpose
from comity.matching.seeking import Stage
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.conftest import WANTED, row, wanted_person

LIKE_NOBODY = PersonQuery(name="Quirin Zabelthau", birth="1999-12-31")


def explain(
    federation: Federation, query: PersonQuery, purpose: Purpose = Purpose.WANTED_PERSONS, node: str = BERGENIA
):
    here = federation[node]
    return here.why_not.explain(query, purpose, "nominals", "P-1", "", here.operator("test"))


def test_it_says_what_a_lookup_would_make_of_the_record(standing: Federation):
    found = explain(standing, WANTED)
    assert (found.reasons, found.told, found.past_retention) == ((), True, False)
    told = standing.answer_of(BERGENIA, standing.ask("ada", WANTED, Purpose.LOCATE)).findings[0].match
    assert found.match.bits == pytest.approx(told.bits)
    assert found.match.probability == pytest.approx(told.probability)


def test_it_says_where_the_index_loses_it(standing: Federation):
    found = explain(standing, LIKE_NOBODY)
    assert Stage.NO_SUCH_WORD in [reason.stage for reason in found.reasons]
    assert not found.told


def test_what_is_compared_and_too_little_alike_says_so(standing: Federation):
    found = explain(standing, PersonQuery(name="Iwan Sorokyn"), Purpose.BORDER_CONTROL)
    assert (found.reasons, found.told) == ((), False)
    assert "name" in [line.field for line in found.match.fields]


def test_whoever_has_the_number_is_found_whatever_the_name(federation: Federation):
    documents = (IdentityDocument(number="BE1234567", country="XB"),)
    federation.enter(BERGENIA, "nominals", [row("P-1", msgspec.structs.replace(wanted_person(), documents=documents))])
    asked = msgspec.structs.replace(LIKE_NOBODY, document_number="be 1234567", document_country="XB")
    found = explain(federation, asked)
    assert (found.reasons, found.told) == ((), True)


def test_past_its_retention_nothing_is_told(standing: Federation):
    standing.time.pass_by(days=40_000)
    found = explain(standing, WANTED)
    assert (found.past_retention, found.told) == (True, False)


def test_it_is_written_down_as_a_record_that_was_shown(standing: Federation):
    before = len(standing.journal(BERGENIA))
    explain(standing, LIKE_NOBODY)
    (entry,) = standing.journal(BERGENIA)[before:]
    assert (entry.act, entry.actor) == (Act.RECORD_SHOWN, "operator:test")


def test_only_who_may_see_whole_records_and_only_of_its_own(standing: Federation):
    bergenia, before = standing[BERGENIA], len(standing.journal(BERGENIA))
    with pytest.raises(NotPermitted):
        bergenia.why_not.explain(WANTED, Purpose.LOCATE, "nominals", "P-1", "", standing.cast["ada"])
    for node in (ALDOVA, HUB):
        with pytest.raises((Missing, NotPermitted)):
            explain(standing, WANTED, node=node)
    with pytest.raises(Invalid, match="no person"):
        bergenia.why_not.explain(WANTED, Purpose.LOCATE, "smv", "V-1", "", bergenia.operator("test"))
    assert len(standing.journal(BERGENIA)) == before + 1  # the vehicle, which was looked at
