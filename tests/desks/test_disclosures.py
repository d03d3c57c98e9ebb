"""What a person may be told of the disclosures about them: of their own records alone, and not before its time."""

import pytest
from msgspec import json
from msgspec.structs import replace

from comity.domain.caller import Role
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.journal import Act, Entry
from comity.domain.lookup import PersonQuery
from comity.domain.marking import Confidentiality, Marking
from comity.domain.oversight import LeftOut, ToldOf
from comity.domain.person import Name
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import STOLEN, WANTED, row, wanted_person

IWAN = PersonQuery(name="Ivan Sorokin", birth="1971-03-09")
OTHER = replace(wanted_person(), names=(Name(full="Quirin Zabelthau"),), births=("1999-12-31",))


def told(federation: Federation, node: str = BERGENIA, who: PersonQuery = IWAN) -> ToldOf:
    return federation[node].disclosures.of(who, "SAR-7", as_([Role.DATA_PROTECTION_OFFICER], node))


@pytest.fixture(scope="module")
def asked(standing: Federation) -> Federation:
    """Ada has looked Bergenia's wanted person up, and at the border its passport; a secret record is found too."""
    secret = replace(wanted_person(), names=(Name(full="Zelda Quorrinthal"),), births=("1980-05-05",))
    marking = Marking(confidentiality=Confidentiality.RESTRICTED)
    standing.enter(BERGENIA, "nominals", [row("P-7", secret, marking), row("P-8", OTHER, line=2)])
    standing.post()
    standing.ask("ada", WANTED, Purpose.LOCATE, case="A-1")
    standing.ask("ada", STOLEN, case="A-2")
    standing.post()
    return standing


def test_whoever_asks_is_told_to_whom_for_what_and_by_which_clause_when_the_inquiry_is_past(asked: Federation):
    assert told(asked) == ToldOf(disclosed=(), left_out={LeftOut.TOO_SOON: 1})
    at = asked.time()
    asked.time.pass_by(days=183)
    one = told(asked).disclosed[0]
    assert (one.to, one.purpose, one.reference) == (ALDOVA, "locate", "P-1")
    assert (one.clauses, one.at.date()) == (("aldova-bergenia-bilateral art-3",), at.date())
    asked.time.pass_by(days=-183)


def test_neither_officer_nor_case_nor_another_person_is_told(asked: Federation):
    """Of an answer with several records each person is told of their own alone: the entry holds them all."""
    several = Entry(
        act=Act.LOOKUP_ANSWERED,
        at=asked.time(),
        actor="ada",
        subject="question-9",
        for_whom=ALDOVA,
        purpose="border-control",
        case="A-9",
        records=tuple(record_id("nominals", BERGENIA, one) for one in ("P-1", "P-8")),
    )
    with asked[BERGENIA].store.transaction() as tx:
        tx.journal.record(several)
        tx.commit()
    (one,) = told(asked, who=PersonQuery(name="Quirin Zabelthau", birth="1999-12-31")).disclosed
    assert one.reference == "P-8"
    assert not [word for word in ("P-1", "A-9", "ada") if word in json.encode(one).decode().split('"')]


def test_what_its_source_marked_is_left_out_whenever_it_was(asked: Federation):
    zelda = PersonQuery(name="Zelda Quorrinthal", birth="1980-05-05")
    asked[BERGENIA].records.show("nominals", "P-7", "", as_([Role.SUPERVISOR], BERGENIA))
    asked.time.pass_by(days=800)
    assert told(asked, who=zelda) == ToldOf(disclosed=(), left_out={LeftOut.CONFIDENTIAL: 1})
    asked.time.pass_by(days=-800)


def test_of_anothers_record_its_owner_answers(asked: Federation):
    """The hub has a copy of Bergenia's passport, and told Ada of it."""
    found = asked[HUB].disclosures.of(STOLEN, "SAR-8", as_([Role.DATA_PROTECTION_OFFICER], HUB))
    assert found == ToldOf(disclosed=(), left_out={LeftOut.ANOTHERS: 1})


def test_only_the_data_protection_officer_answers_and_it_is_written_down(asked: Federation):
    desk = asked[BERGENIA].disclosures
    for caller in (everyone_but(Role.DATA_PROTECTION_OFFICER, bureau=BERGENIA), as_([Role.AUDITOR], BERGENIA)):
        with pytest.raises(NotPermitted, match="answer the persons"):
            desk.of(IWAN, "SAR-7", caller)
    with pytest.raises(Invalid, match="request"):
        desk.of(IWAN, " ", as_([Role.DATA_PROTECTION_OFFICER], BERGENIA))
    told(asked)
    last = asked.journal(BERGENIA)[-1]
    assert (last.act, last.details["why"], last.details["left_out"]) == (Act.JOURNAL_READ, "SAR-7", 1)
    assert json.decode(str(last.details["query"]))["name"] == "Ivan Sorokin"
