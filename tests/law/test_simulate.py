"""A whole federation simulated says of every request what the law decides of it."""

from datetime import date
from itertools import product

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comity.domain.bundle import Gap
from comity.domain.bureau import Standing
from comity.domain.circumstances import Harm, Trait
from comity.domain.collection import Category
from comity.domain.decision import Envelope
from comity.domain.errors import Invalid
from comity.domain.instrument import AssuranceNeeded, Layer, Reply
from comity.domain.marking import Confidentiality, Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.domain.stated import GivenAssurance
from comity.law import cedar
from comity.law.acted import Acted
from comity.law.cedar import Policies
from comity.law.decision import Law, decide
from comity.law.published import Filed, Published
from comity.law.rulebook import shipped_rulebook
from comity.law.simulate import Scope, Simulation, parties
from tests.law.cast import FULL, HIT, NOTHING, TODAY, agreement, forbid, law, model_law, permit, request
from tests.law.test_layering import PARTIES, circumstances, forbids, named, permits

CATEGORIES = (Category.PERSONS, Category.VEHICLES)
PURPOSES = (Purpose.LOCATE, Purpose.WARN, Purpose.IDENTIFY)
EVERYBODY = (*PARTIES, "un")  # and one that has signed nothing
times = st.sampled_from(
    [
        {},
        {},
        {"in_force_until": date(2021, 1, 1)},
        {"in_force_from": date(2030, 1, 1)},
        {"suspended": True},
    ]
)
live = st.sampled_from([{}, {}, {"go_live": {"XA": date(2021, 1, 1), "XB": date(2030, 1, 1)}}])


def texts_of(layer, few, count):
    """Some texts of that layer, each with clauses and times of its own."""
    one = st.tuples(few, permits, forbids, times, st.just({}) if layer is Layer.NATIONAL_LAW else live)
    return st.lists(one, max_size=count).map(
        lambda drawn: [
            agreement(
                *named(*some, *against), id=f"{layer}-{place}", layer=layer, parties=tuple(of), **when, **from_day
            )
            for place, (of, some, against, when, from_day) in enumerate(drawn)
        ]
    )


whole_laws = st.tuples(
    texts_of(Layer.ORGANISATION, st.sampled_from([PARTIES, ("XA", "XB")]), 1),
    texts_of(Layer.AGREEMENT, st.just(PARTIES), 2),
    texts_of(Layer.NATIONAL_LAW, st.sampled_from([("XA",), ("XB",)]), 2),
).map(lambda drawn: [one for some in drawn for one in some])
MARKED = (None, Marking(closed_to=("XB",)), Marking(confidentiality=Confidentiality.CONFIDENTIAL))


@settings(max_examples=15, deadline=None)
@given(whole_laws, circumstances, st.sampled_from(MARKED), st.sampled_from([(), (Trait.MINOR,)]))
def test_what_is_simulated_is_what_is_decided(instruments, stated, marking, traits):
    try:
        of = law(*instruments)
    except Invalid:  # a permit that a forbid of the same text always beats is no law
        assume(False)
    sketch = msgspec.structs.replace(request(), circumstances=stated)
    scope = Scope(
        askers=EVERYBODY,
        owners=EVERYBODY,
        categories=CATEGORIES,
        purposes=PURPOSES,
        sketch=sketch,
        marking=marking,
        traits=traits,
    )
    simulated = Simulation(of, scope, TODAY)
    for asker, owner in scope.pairs:
        found = simulated.levels(asker, owner)
        for (row, category), (column, purpose) in product(enumerate(CATEGORIES), enumerate(PURPOSES)):
            asked = msgspec.structs.replace(sketch, asker=asker, owner=owner, category=category, purpose=purpose)
            assert found[row, column] == decide(asked, _envelope(owner, marking, traits), of, TODAY).level


def _envelope(owner: str, marking: Marking | None, traits: tuple[Trait, ...]) -> Envelope | None:
    if marking is None and not traits:
        return None
    return Envelope(
        record="simulated",
        source=owner.lower(),
        country=owner if owner.isupper() else "",
        retain_until=TODAY,
        marking=marking or Marking(),
        traits=traits,
    )


def matrix(of: Law, **changes) -> np.ndarray:
    scope = Scope(askers=PARTIES, owners=PARTIES, sketch=request(**changes))
    return Simulation(of, scope, TODAY).levels("XA", "XB")


def test_a_suspended_member_learns_nothing_and_everybody_its_own():
    scope = Scope(askers=PARTIES, owners=PARTIES, sketch=request(standing=Standing.SUSPENDED))
    assert (Simulation(model_law(), scope, TODAY).levels("XA", "XB") == NOTHING).all()
    assert (Simulation(model_law(), Scope(askers=PARTIES, owners=PARTIES), TODAY).levels("XA", "XA") == FULL).all()


@pytest.mark.parametrize("layer", [Layer.AGREEMENT, Layer.NATIONAL_LAW, Layer.ORGANISATION])
def test_a_text_that_errs_lets_nothing_out(layer):
    whole = agreement(permit(), id="whole")
    broken = agreement(
        permit(categories=(Category.PERSONS,)),
        id="broken",
        layer=layer,
        parties=("XA",) if layer is Layer.NATIONAL_LAW else PARTIES,
    )
    of = law(whole, broken)
    bound = of.texts.slice("XA", "XB")
    program = next(
        one.program
        for one in (*bound.organisation, *bound.agreements, *bound.asker_law)
        if one.instrument.id == "broken"
    )
    errs = {"0": cedar.policy("forbid", cedar.ACTIONS, [cedar.at_least(cedar.fact("absent"), 1)], {"id": "errs"})}
    program.columns[0]._probes = Policies(errs, program.policies.schema)
    assert (matrix(of) == NOTHING).all()


def test_a_change_takes_the_place_of_the_text_of_its_id():
    old, other = (agreement(permit(), id=name) for name in ("old", "other"))
    new = agreement(forbid(), id="old")
    gaps = tuple(
        Gap(name=name, layer=Layer.AGREEMENT, parties=("XA", "XB"), why="expired.", needed="-")
        for name in ("bundle old", "bundle gone")
    )
    before = Acted(((other, "2"),), shipped_rulebook(), Published((Filed(old, ("1",)),), gaps))
    after = before.changed([(new, "3")], ["other"])
    assert (after.by_hand, after.published.filed, after.ids) == (((new, "3"),), (), ["old", "gone"])
    assert parties([agreement(permit(), territory={"XA": ("XD",)})]) == ("XA", "XB", "XC", "XD")


def test_what_nobody_signed_and_what_may_not_be_used_tell_nothing():
    """Of a node: an agreement binds those who signed it, and a gap denies."""
    treaty = Filed(agreement(permit()), ("1",), frozenset({"XA", "XB"}))

    def told(asker: str, *gaps: Gap) -> ReplyLevel:
        acted = Acted((), shipped_rulebook(), Published((treaty,), gaps))
        scope = Scope(askers=(asker,), owners=("XB",), sketch=request())
        return ReplyLevel(int(Simulation(acted.law, scope, TODAY).levels(asker, "XB").max()))

    assert (told("XA"), told("XC")) == (FULL, NOTHING)
    lost = Gap(name="bundle law-of-xb", layer=Layer.NATIONAL_LAW, parties=("XB",), why="expired.", needed="-")
    assert told("XA", lost) is NOTHING


def test_a_word_that_the_scope_states_is_that_of_whoever_asks():
    treaty = agreement(permit(assurances=(AssuranceNeeded(against=Harm.TORTURE, above=Reply.HIT),)))
    word = GivenAssurance(against=Harm.TORTURE, reference="stated", until=TODAY)
    levels = [
        Simulation(law(treaty), Scope(askers=("XA",), owners=("XB",), sketch=request(), assured=given), TODAY)
        .levels("XA", "XB")
        .max()
        for given in ((), (word,))
    ]
    assert levels == [HIT, FULL]
