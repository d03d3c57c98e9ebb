"""The layers together: standing, agreements, the organisation's own rules; and what a refusal says."""

from datetime import date

import pytest

from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.errors import Invalid
from comity.domain.instrument import Layer, Reply
from comity.domain.purpose import Purpose
from comity.law import cedar
from comity.law.cedar import Policies
from comity.law.decision import OWN_RECORD, Decision, narrowest
from tests.law.cast import CORE, FULL, HIT, NOTHING, agreement, between, forbid, law, model_law, permit

CI = Purpose.CRIMINAL_INVESTIGATION
DUTY = frozenset({Role.DUTY_OFFICER})


# -- the story of the model agreements ------------------------------------------------------------------------------


def test_ada_gets_a_stolen_document_of_bergenia_in_full():
    found = between(model_law(), category=Category.TRAVEL_DOCUMENTS)
    assert (found.level, found.clauses) == (FULL, ("convention-on-police-information art-4",))
    assert "confirm-before-action" in found.obligations


def test_ada_gets_the_core_of_a_person_at_the_border_and_the_duty_desk_all():
    assert between(model_law()).level is CORE
    assert between(model_law(), roles=DUTY).level is FULL


def test_cora_is_told_that_there_is_a_hit_and_no_more():
    found = between(model_law(), asker="XC")
    assert (found.level, found.clauses) == (HIT, ("bergenia-corvia-bilateral note-2",))


def test_cora_is_refused_persons_of_aldova_at_the_border_with_the_clause():
    reason = between(model_law(), asker="XC", owner="XA").reason
    assert reason.clause == "convention-on-police-information art-8"
    assert "answers persons for wanted-persons or criminal-investigation; you stated border-control" in reason.text
    assert reason.needed == "Purpose wanted-persons or criminal-investigation."


def test_cora_is_refused_a_security_check_by_the_clause_that_forbids_it():
    reason = between(model_law(), asker="XC", purpose=Purpose.SECURITY_CHECK).reason
    assert reason.clause == "bergenia-corvia-bilateral note-5"
    assert reason.text == "Nothing is told about persons for security checks."


@pytest.mark.parametrize("asker", ["XA", "XB", "XC"])
@pytest.mark.parametrize("purpose", Purpose)
def test_every_party_gets_the_sanctions_list_for_every_purpose(asker, purpose):
    assert between(model_law(), asker, "un", Category.SANCTIONS, purpose).level is FULL


# -- union, never a mixture -----------------------------------------------------------------------------------------


def test_the_deepest_agreement_wins_with_its_own_obligations_alone():
    found = between(
        law(
            agreement(permit(reply=Reply.CORE, obligations=("police-use-only",)), id="a"),
            agreement(permit(reply=Reply.FULL, obligations=("erase-when-withdrawn",)), id="b"),
        )
    )
    assert (found.level, found.clauses, found.obligations) == (FULL, ("b art-1",), ("erase-when-withdrawn",))


def test_half_a_permission_here_and_half_there_are_none():
    """One agreement has the purpose, another the category; no clause has both."""
    found = between(
        law(
            agreement(permit(categories=(Category.PERSONS,), purposes=(CI,)), id="a"),
            agreement(permit(categories=(Category.VEHICLES,), purposes=(Purpose.BORDER_CONTROL,)), id="b"),
        )
    )
    assert found.level is NOTHING


def test_a_forbidding_clause_binds_its_own_agreement_only():
    both = law(agreement(permit(), forbid(roles=(Role.OFFICER,)), id="a"), agreement(permit(reply=Reply.HIT), id="b"))
    assert between(both).clauses == ("b art-1",)


# -- layers that shut -----------------------------------------------------------------------------------------------


def test_a_suspended_member_gets_nothing_not_even_its_own():
    for owner in ("XA", "XB"):
        found = between(model_law(), owner=owner, standing=Standing.SUSPENDED)
        assert found.level is NOTHING
        assert found.reason.clause == "directory standing"


def test_own_records_need_no_agreement():
    assert between(law(), owner="XA") == OWN_RECORD


def test_two_without_a_name_are_not_the_same():
    assert between(law(), asker="", owner="").level is NOTHING


def test_without_any_agreement_it_says_so():
    reason = between(law()).reason
    assert reason.clause == "no agreement"
    assert "Aldova and Bergenia" in reason.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"in_force_until": date(2025, 12, 31)}, "expired on 2025-12-31"),
        ({"in_force_from": date(2026, 4, 1)}, "comes into force only on 2026-04-01"),
        ({"suspended": True}, "is suspended"),
    ],
)
def test_an_agreement_out_of_force_refuses_and_says_since_when(changes, told):
    found = between(law(agreement(permit(), **changes)))
    assert found.level is NOTHING
    assert f"treaty {told}." in found.reason.text
    assert found.reason.clause == "treaty art-1"


@pytest.mark.parametrize("layer", [Layer.ORGANISATION, Layer.NATIONAL_LAW])
def test_who_is_not_live_yet_takes_no_part_whichever_text_says_so(layer):
    parties = ("XB",) if layer is Layer.NATIONAL_LAW else ("XA", "XB")
    live = {party: date(2020, 1, 1) for party in parties} | {"XB": date(2026, 4, 1)}
    waits = agreement(permit(), id="rules", layer=layer, parties=parties, go_live=live)
    found = between(law(agreement(permit()), waits))
    assert found.level is NOTHING
    assert "rules goes live for Bergenia only on 2026-04-01" in found.reason.text
    assert between(law(agreement(permit()), waits), on=date(2026, 4, 1)).level is FULL


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(2026, 3, 1)])
def test_the_first_and_the_last_day_are_in_force(on):
    bounded = law(agreement(permit(), in_force_until=date(2026, 3, 1)))
    assert between(bounded, on=on).level is FULL


def test_one_text_that_errs_shuts_the_layer():
    broken = law(agreement(permit(), id="a"), agreement(permit(), id="b"))
    assert between(broken).level is FULL
    again = law(agreement(permit(), id="a"), agreement(permit(purposes=(CI,)), id="b"))
    errs = {"0": cedar.policy("forbid", cedar.ACTIONS, [cedar.at_least(cedar.fact("absent"), 1)], {"id": "errs"})}
    program = again.texts.slice("XA", "XB").agreements[1].program
    program.columns[0]._probes = Policies(errs, program.policies.schema)
    found = between(again)
    assert found.level is NOTHING
    assert found.reason.clause == "b"


@pytest.mark.parametrize(("category", "purpose"), [("secrets", CI), (Category.PERSONS, "curiosity")])
def test_a_code_nobody_knows_is_refused(category, purpose):
    assert between(model_law(), category=category, purpose=purpose).level is NOTHING
    assert model_law().officer({Role.OFFICER}, category, purpose, FULL).level is NOTHING


def test_two_texts_of_one_agreement_are_refused():
    with pytest.raises(Invalid, match="two texts"):
        law(agreement(permit()), agreement(permit(reply=Reply.HIT)))


def test_an_agreement_that_does_not_validate_is_refused():
    with pytest.raises(Invalid, match="no party"):
        law(agreement(permit(askers=("XZ",))))


def test_the_texts_consulted_are_named():
    found = between(law(agreement(permit(), id="a"), agreement(forbid(), id="b"), agreement(permit(), id="c")))
    assert {"digest of a", "digest of b", "digest of c"} < set(found.digests)


def test_a_remembered_decision_is_the_same_and_another_day_is_another_question():
    bounded = law(agreement(permit(), in_force_until=date(2026, 3, 1)))
    assert between(bounded) == between(bounded)
    assert between(bounded, on=date(2026, 3, 2)).level is NOTHING
    assert between(bounded, standing=Standing.SUSPENDED).level is NOTHING
    assert between(bounded, category="secrets").level is NOTHING, "no clause looks at it, yet it must be known"


# -- the organisation's own rules -----------------------------------------------------------------------------------


def test_an_officer_sees_the_core_of_a_person_at_the_border_and_all_in_a_case():
    own = model_law()
    assert own.officer({Role.OFFICER}, Category.PERSONS, Purpose.BORDER_CONTROL, FULL).level is CORE
    assert own.officer({Role.OFFICER}, Category.PERSONS, CI, FULL).level is FULL


def test_nobody_sees_more_than_there_is():
    assert model_law().officer({Role.SUPERVISOR}, Category.PERSONS, CI, HIT).level is HIT


@pytest.mark.parametrize(
    "role", [Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISORY_BODY, Role.ADMINISTRATOR]
)
@pytest.mark.parametrize("beside", [frozenset(), frozenset({Role.SUPERVISOR})])
def test_whoever_watches_over_lookups_makes_none(role, beside):
    found = model_law().officer({role, *beside}, Category.VEHICLES, CI, FULL)
    assert (found.level, found.reason.clause) == (NOTHING, "organisation role-8")


@pytest.mark.parametrize("roles", [frozenset(), frozenset({Role.REVIEWER})])
def test_without_a_role_that_looks_up_nothing_is_shown(roles):
    assert model_law().officer(roles, Category.VEHICLES, CI, FULL).level is NOTHING


def test_a_system_names_the_officer_it_asks_for():
    own = model_law()
    unnamed = own.officer({Role.SYSTEM}, Category.PERSONS, CI, FULL, " ")
    assert unnamed.level is NOTHING
    assert unnamed.reason.needed == "The officer for whom the system asks."
    assert own.officer({Role.SYSTEM}, Category.PERSONS, CI, FULL, "a-17").level is CORE


# -- several layers at once -----------------------------------------------------------------------------------------


def test_of_several_layers_the_narrowest_holds_and_all_their_conditions():
    wide, small = Decision(FULL, ("a 1",), ("x",), None, ("d",)), Decision(CORE, ("b 2",), ("y",), None, ("e",))
    assert narrowest(wide, small) == Decision(CORE, ("a 1", "b 2"), ("x", "y"), None, ("d", "e"))


def test_one_refusing_layer_refuses():
    refusal = between(law())
    found = narrowest(Decision(FULL, ("a 1",)), refusal)
    assert (found.level, found.clauses, found.reason) == (NOTHING, (), refusal.reason)
