"""What is explained is what was decided: every layer's word is the word of one of its texts, or of none."""

from datetime import date
from itertools import product

import pytest

from comity.domain.bureau import Standing
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.instrument import Layer, Reply
from comity.domain.purpose import Purpose
from comity.law.decision import Law, decide
from comity.law.explain import explain, words
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import CORE, TODAY, agreement, forbid, law, model_law, permit, request

BOOK = shipped_rulebook()
NATIONAL = Layer.NATIONAL_LAW


def lines(of: Law, on: date = TODAY, **changes) -> list[str]:
    return list(words(explain(request(**changes), of, on), BOOK))


def with_laws() -> Law:
    """A treaty, a law of each side, rules for all; one text has lapsed, one is not in force yet."""
    return law(
        agreement(permit(reply=Reply.CORE, obligations=("stated-purpose-only",)), id="treaty"),
        agreement(permit(reply=Reply.HIT, purposes=(Purpose.LOCATE,)), id="shallow"),
        agreement(permit(), id="old", in_force_until=date(2021, 1, 1)),
        agreement(permit(purposes=(Purpose.LOCATE,)), id="law-a", layer=NATIONAL, parties=("XA",)),
        agreement(permit(), id="law-a-old", layer=NATIONAL, parties=("XA",), in_force_until=date(2021, 1, 1)),
        agreement(permit(), forbid(categories=(Category.VEHICLES,)), id="law-b", layer=NATIONAL, parties=("XB",)),
        agreement(permit(), id="law-b-new", layer=NATIONAL, parties=("XB",), in_force_from=date(2030, 1, 1)),
        agreement(permit(), id="rules", layer=Layer.ORGANISATION, parties=()),
    )


@pytest.mark.parametrize("made", [model_law, with_laws])
@pytest.mark.parametrize(("asker", "owner"), [("XA", "XB"), ("XB", "XC"), ("XA", "un")])
def test_every_word_of_a_layer_is_that_of_a_text_in_it(made, asker, owner):
    texts = made()
    for category, purpose in product(Category, Purpose):
        asked = request(asker=asker, owner=owner, category=category, purpose=purpose)
        explained = explain(asked, texts, TODAY)
        assert explained.decision == decide(asked, None, texts, TODAY)
        deciding = [one for one in explained.consulted if one.decides]
        for said in explained.decision.layers:
            if said.layer == "standing" or (said.reason and said.reason.clause == "no agreement"):
                continue
            assert any(one.layer == said.layer and one.said == said for one in deciding), said


def test_who_is_told_less_hears_by_which_layer_and_what_is_owed():
    told = lines(with_laws(), purpose=Purpose.LOCATE)
    assert "  treaty: core by art-1; owed: stated-purpose-only (this decides)" in told
    assert "Answer: core, by rules art-1, treaty art-1, law-a art-1, law-b art-1." in told
    assert "No more than that is permitted by: agreement." in told
    assert "Owed: Use it only for the purpose you stated." in told
    assert "  law-b-new: comes into force only on 2030-01-01: adds nothing" in told
    assert "  law-a-old: expired on 2021-01-01: adds nothing" in told


def test_whoever_is_refused_by_two_layers_hears_what_both_need():
    told = lines(with_laws(), category=Category.VEHICLES)
    assert "Answer: refused, by law-a art-1." in told
    assert "Needed: Purpose locate." in told
    assert any(line.startswith("Needed: Another legal basis") for line in told)


def test_a_lapsed_agreement_is_named_with_its_day():
    told = lines(law(agreement(permit(), in_force_until=date(2021, 1, 1))))
    assert any("treaty expired on 2021-01-01" in line for line in told)
    assert "Needed: An agreement that is in force." in told


def test_before_any_text_is_asked_the_standing_and_the_codes_are():
    assert lines(model_law(), standing=Standing.SUSPENDED)[2].startswith("standing: refused.")
    assert "Answer: refused, by default-deny." in lines(model_law(), purpose="curiosity")
    assert "No agreement is asked: whoever entered a record may read it." in lines(model_law(), owner="XA")


def test_the_clause_that_decides_is_quoted_and_what_more_would_need_is_told():
    treaty = agreement(
        permit("hit", reply=Reply.HIT),
        permit("core", reply=Reply.CORE, roles=(Role.SUPERVISOR,)),
        permit("full", reply=Reply.FULL, purposes=(Purpose.WARN,)),
    )
    told = lines(law(treaty), purpose=Purpose.LOCATE)
    assert "treaty hit says: It is permitted." in told
    assert "More than the hit would need, by treaty core: A supervisor who asks." in told
    assert not any("warn" in line for line in told)  # nobody is taught which purpose to state
    deeper = lines(law(treaty), purpose=Purpose.LOCATE, roles=("supervisor",))
    assert "treaty core says: It is permitted." in deeper
    assert not any(line.startswith("More than") for line in deeper)


def test_what_more_would_need_is_told_of_the_layer_that_holds_it_back():
    """A treaty that would tell more is silent where it is a law that tells less."""
    treaty = agreement(permit(reply=Reply.CORE), permit("deep", reply=Reply.FULL, roles=(Role.SUPERVISOR,)))
    strict = agreement(permit(reply=Reply.HIT), id="law-b", layer=NATIONAL, parties=("XB",))
    told = lines(law(treaty, strict), purpose=Purpose.LOCATE)
    assert "No more than that is permitted by: owner-law." in told
    assert not any(line.startswith("More than") for line in told)


def test_what_the_asker_s_own_organisation_shows_stands_apart():
    explained = explain(
        request(roles=("auditor",), asker="XC", owner="XA", purpose="locate", category="vehicles"), model_law(), TODAY
    )
    assert explained.decision.level > CORE
    assert not explained.own_rules.level
    assert "own organisation shows nothing" in list(words(explained, BOOK))[-1]
