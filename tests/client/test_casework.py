"""Cases and messages through the SDK and the officers' door, before the real desks of a federation."""

import pytest
from msgspec.structs import replace

from comity.domain.case import ItemKind
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.forms import Sought, Trace, TracedThing
from comity.domain.mail import Draft, LegState
from comity.domain.operation import Joined, Noted
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.client.door_line import connected
from tests.desks.casework import ABOUT, DRAFT
from tests.desks.cast import found_by_ada
from tests.desks.conftest import federation, founded, furnished

__all__ = ["federation", "founded", "furnished"]


def test_a_case_and_an_exchange_of_messages(federation: Federation):
    ada, ben = connected(federation, "ada").casework, connected(federation, "ben").casework
    case = ada.open_case(ABOUT)
    assert ada.cases() == (case,)
    item = ada.attach(case.id, ItemKind.HIT, found_by_ada(federation))
    assert item.owner == BERGENIA
    draft = ada.write(case.id, replace(DRAFT, subject="?"))
    ada.amend(draft.id, DRAFT)
    sent = ada.send(draft.id)
    federation.post()
    (came,) = ben.mail()
    theirs = ben.open_case(replace(ABOUT, number="BE-9"))
    assert ben.file(came.id, theirs.id).case == theirs.id
    assert ben.message(came.id).message.text == DRAFT.text
    reply = ben.send(ben.reply(came.id, Draft(to=(ALDOVA,), subject="Re", text="A ferryman.")).id)
    federation.post()
    assert {one.id for one in ada.thread(sent.id)} == {sent.id, reply.id}
    whole = ada.case(case.id)
    assert [one.legs[0].state for one in whole.mail if one.id == sent.id] == [LegState.ANSWERED]
    assert whole.items == (item,)
    assert whole.case.their_number(BERGENIA) == "BE-9"
    assert ada.refer(case.id, CORVIA, "CO-1").their_number(CORVIA) == "CO-1"
    assert len(ada.admit(case.id, "dora").allowed) == 2
    assert len(ada.dismiss(case.id, "dora").allowed) == 1
    assert ada.close_case(case.id, "solved").closed_because == "solved"
    assert ada.reopen_case(case.id).closed_because == ""
    assert ada.discard(ada.write(case.id, DRAFT).id).draft == DRAFT


def test_forms_come_in_words_and_translations_beside_the_text(federation: Federation):
    ada, ben = connected(federation, "ada").casework, connected(federation, "ben").casework
    case = ada.open_case(ABOUT)
    trace = Trace(thing=TracedThing.FIREARM, number="MQ1", sought=(Sought.OWNER,))
    sent = ada.send(ada.write(case.id, replace(DRAFT, form=trace)).id)
    federation.post()
    told = ["Rastreo", "Objeto: arma de fuego", "Número: MQ1", "Se solicita: propietario"]
    assert ben.words(sent.id, "es")[1:] == told
    with pytest.raises(Invalid):
        ben.words(sent.id, "xx")
    made = ben.translate(sent.id, "fr", "Qui ?", by_machine=True)
    federation.post()
    assert list(ada.translations(sent.id)) == [made]
    hit = found_by_ada(federation)
    assert ada.hit_words(hit, "fr")[-1] == "État: aucune confirmation demandée"


def test_refusals_come_back_as_what_they_are(federation: Federation):
    ada, dora = connected(federation, "ada").casework, connected(federation, "dora").casework
    case = ada.open_case(ABOUT)
    with pytest.raises(Missing):
        dora.case(case.id)
    with pytest.raises(Conflict):
        dora.open_case(ABOUT)
    with pytest.raises(Invalid):
        ada.case("../me")
    draft = ada.write(case.id, replace(DRAFT, to=(CORVIA,)))
    with pytest.raises(NotPermitted) as refused:
        ada.send(draft.id)
    assert refused.value.clauses == ("convention-on-police-information art-8",)


def test_a_joint_operation(federation: Federation):
    ben, dora = connected(federation, "ben").casework, connected(federation, "dora").casework
    case = ben.open_case(replace(ABOUT, number="BE-9"))
    operation = ben.found_operation(case.id, "Ferry").head.id
    ben.write_to_log(operation, Joined(bureau=ALDOVA), shares_from=1)
    federation.post()
    (known,) = dora.operations()
    assert known.members == (BERGENIA, ALDOVA)
    assert dora.file_operation(operation, dora.open_case(ABOUT).id).head.id == operation
    dora.write_to_log(operation, Noted(text="A blue van."))
    federation.post()
    assert ben.operation(operation).log[-1].entry.deed == Noted(text="A blue van.")
