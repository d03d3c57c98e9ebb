"""How far a party takes part is what the texts of law say, whatever a request says of itself."""

import msgspec
import pytest

from comity.domain.circumstances import Circumstances, Tier
from comity.domain.instrument import Layer
from comity.law.decision import decide
from comity.law.instruments import check
from comity.law.simulate import Scope, Simulation
from tests.law.cast import FULL, NOTHING, TODAY, agreement, law, permit, request

FULL_MEMBERS = agreement(permit(tiers=(Tier.FULL,)))
ORGANISATION = agreement(permit(), id="organisation", layer=Layer.ORGANISATION, parties=())


def level(*texts, tier: Tier | None = None):
    asked = msgspec.structs.replace(request(), circumstances=Circumstances(tier=tier))
    return decide(asked, None, law(*texts), TODAY).level


def named(text, **tiers: Tier):
    return msgspec.structs.replace(text, tiers=tiers)


def test_a_text_sees_its_parties_by_its_own_list_whatever_they_say():
    assert level(FULL_MEMBERS) is NOTHING
    assert level(named(FULL_MEMBERS, XA=Tier.FULL), tier=Tier.OBSERVER) is FULL
    assert level(named(FULL_MEMBERS, XA=Tier.OBSERVER), tier=Tier.FULL) is NOTHING
    assert level(named(FULL_MEMBERS, XB=Tier.FULL), tier=Tier.FULL) is NOTHING, (
        "of whom it does not name it is not known"
    )


def test_a_territory_is_seen_as_whoever_signed_for_it():
    text = msgspec.structs.replace(named(FULL_MEMBERS, XA=Tier.FULL), territory={"XA": ("AQ",)})
    asked = msgspec.structs.replace(request(), asker="AQ")
    assert decide(asked, None, law(text), TODAY).level is FULL


def test_a_text_without_a_list_sees_them_by_the_least_of_the_organisations():
    assert level(FULL_MEMBERS, named(ORGANISATION, XA=Tier.FULL), tier=Tier.OBSERVER) is FULL
    second = msgspec.structs.replace(ORGANISATION, id="second")
    assert level(FULL_MEMBERS, named(ORGANISATION, XA=Tier.FULL), named(second, XA=Tier.LIMITED)) is NOTHING
    assert level(named(FULL_MEMBERS, XA=Tier.FULL), named(ORGANISATION, XA=Tier.OBSERVER)) is FULL


def test_a_simulation_tells_askers_of_two_tiers_apart():
    text = named(agreement(permit(tiers=(Tier.FULL,)), parties=("XA", "XB", "XC")), XA=Tier.FULL, XC=Tier.OBSERVER)
    scope = Scope(askers=("XA", "XC"), owners=("XB",), sketch=request())
    found = Simulation(law(text), scope, TODAY)
    assert found.levels("XA", "XB").max() == FULL
    assert found.levels("XC", "XB").max() == NOTHING
    by_organisation = law(FULL_MEMBERS, named(ORGANISATION, XA=Tier.FULL))
    assert Simulation(by_organisation, scope, TODAY).levels("XA", "XB").max() == FULL


@pytest.mark.parametrize("tiers", [{"AQ": Tier.FULL}, {"nobody at all": Tier.FULL}])
def test_a_list_names_parties_alone(tiers):
    assert check(msgspec.structs.replace(FULL_MEMBERS, tiers=tiers))


def test_of_an_organisation_without_parties_any_party_may_be_named():
    assert check(named(ORGANISATION, XA=Tier.FULL)) == []
    assert check(named(ORGANISATION, aldova_=Tier.FULL))
