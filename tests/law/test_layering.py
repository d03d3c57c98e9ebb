"""Laws of layers: none of them widens another; more prohibition, or less said, never lets out more."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain.caller import Role
from comity.domain.circumstances import (
    Assurance,
    Circumstances,
    Consent,
    EntityKind,
    Harm,
    Nature,
    Override,
    RefusalGround,
    StatedOffence,
    Tier,
    Trait,
    Use,
)
from comity.domain.collection import Category
from comity.domain.hit import Priority
from comity.domain.instrument import (
    AssuranceNeeded,
    Clause,
    Effect,
    Layer,
    OffenceScope,
    Onward,
    Quota,
    Release,
    Reply,
    Special,
)
from comity.domain.marking import Confidentiality, Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law import layers
from comity.law.decision import Law, decide, narrowest
from comity.law.facts import facts
from comity.law.program import Program
from tests.law.cast import NOTHING, TODAY, agreement, envelope, outcome, request

PARTIES = ("XA", "XB", "XC")
LATER = date(2026, 12, 31)


def some(values):
    return st.lists(st.sampled_from(list(values)), max_size=2, unique=True).map(tuple)


def maybe(one):
    return st.none() | one


offence_scopes = {
    Effect.PERMIT: st.builds(
        OffenceScope,
        codes=some(["murder", "fraud"]),
        penalty_min_months=maybe(st.sampled_from([12, 24])),
        sentence_min_months=maybe(st.just(6)),
        dual_criminality=st.booleans(),
        excluded=some(Nature),
    ),
    Effect.FORBID: st.builds(
        OffenceScope,
        codes=some(["murder", "fraud"]),
        penalty_min_months=maybe(st.just(24)),
        natures=some(Nature),
    ),
}
onwards = st.builds(Onward, rule=st.sampled_from(Release), parties=some(PARTIES), oversight=st.booleans())
needed = st.builds(
    AssuranceNeeded,
    against=st.sampled_from(Harm),
    askers=some(PARTIES),
    above=maybe(st.sampled_from([Reply.HIT, Reply.CORE])),
    override=st.booleans(),
)
specials = st.builds(
    Special,
    traits=st.sampled_from([(Trait.MINOR,), tuple(Trait)]),
    roles=some([Role.SUPERVISOR]),
    necessity=st.booleans(),
)


def clauses(effect):
    """With few conditions each, so that some hold."""
    permits = effect is Effect.PERMIT
    conditions = {
        "categories": some([Category.PERSONS, Category.VEHICLES]),
        "purposes": some([Purpose.LOCATE, Purpose.WARN]),
        "roles": some([Role.OFFICER, Role.SUPERVISOR]),
        "askers": some(PARTIES),
        "owners": some(PARTIES),
        "deny_countries": some(PARTIES),
        "entities": some([EntityKind.POLICE, EntityKind.CUSTOMS]),
        "tiers": some(Tier),
        "offences": offence_scopes[effect],
        "priorities": some(Priority),
        "languages": some(["en", "fr"]),
    }
    if permits:
        more = {
            "quota": st.just(Quota(questions=2, days=1)),
            "assurances": st.lists(needed, max_size=2).map(tuple),
            "special": specials,
            "onward": onwards,
            "evidence": st.sampled_from(Release),
        }
    else:
        more = {"traits": some(Trait), "grounds": some(RefusalGround)}
    chosen = st.lists(st.sampled_from(sorted({**conditions, **more})), max_size=2, unique=True)
    return chosen.flatmap(
        lambda names: st.builds(
            Clause,
            id=st.just("x"),
            title=st.just("t"),
            text=st.just("t"),
            effect=st.just(effect),
            reply=st.sampled_from(Reply) if permits else st.none(),
            **{name: {**conditions, **more}[name] for name in names},
        )
    )


def named(*found):
    return tuple(msgspec.structs.replace(clause, id=f"art-{number}") for number, clause in enumerate(found))


offences = st.builds(
    StatedOffence,
    code=st.sampled_from(["murder", "theft"]),
    penalty_max_months=maybe(st.sampled_from([6, 24])),
    sentence_months=maybe(st.just(8)),
    punishable_in=some(PARTIES),
    natures=some(Nature),
    death_penalty=maybe(st.booleans()),
)
given_assurances = st.builds(
    Assurance,
    against=st.sampled_from(Harm),
    given_by=st.sampled_from(PARTIES),
    reference=st.just("a"),
    until=st.sampled_from([LATER, date(2020, 1, 1)]),
)
overrides = st.builds(
    Override,
    against=st.sampled_from(Harm),
    persons=st.sampled_from([("m", "n"), ("m", "m")]),
    reason=st.just("r"),
    until=st.just(LATER),
)
consents = st.builds(
    Consent,
    given_by=st.sampled_from(PARTIES),
    record=st.just("r-1"),
    use=st.sampled_from([Use.ONWARD, Use.EVIDENCE]),
    purpose=st.sampled_from([Purpose.LOCATE, Purpose.WARN]),
    recipient=st.sampled_from(["", "XC"]),
    reference=st.just("c"),
    until=st.just(LATER),
)
circumstances = st.builds(
    Circumstances,
    entity=maybe(st.sampled_from(EntityKind)),
    tier=maybe(st.sampled_from(Tier)),
    offence=maybe(offences),
    priority=maybe(st.sampled_from(Priority)),
    language=st.sampled_from(["", "en", "de"]),
    necessity=st.sampled_from(["", "why"]),
    use=st.sampled_from(Use),
    recipient=st.sampled_from(["", "XC", "XZ"]),
    recipient_oversight=st.booleans(),
    grounds=some(RefusalGround),
    assurances=st.lists(given_assurances, max_size=2).map(tuple),
    overrides=st.lists(overrides, max_size=1).map(tuple),
    consents=st.lists(consents, max_size=1).map(tuple),
    asked=maybe(st.just({"treaty art-0": 1, "treaty art-1": 2})),
)
requests = st.builds(
    lambda stated, **fields: msgspec.structs.replace(request(**fields), circumstances=stated),
    stated=circumstances,
    asker=st.sampled_from(PARTIES),
    owner=st.sampled_from(PARTIES),
    category=st.sampled_from([Category.PERSONS, Category.VEHICLES]),
    purpose=st.sampled_from([Purpose.LOCATE, Purpose.WARN]),
    roles=some([Role.OFFICER, Role.SUPERVISOR]),
)
markings = st.builds(Marking, confidentiality=st.sampled_from(Confidentiality), closed_to=some(PARTIES))
envelopes = st.builds(
    lambda traits, marking: envelope(traits=traits, marking=marking), traits=some(Trait), marking=markings
)
permits = st.lists(clauses(Effect.PERMIT), min_size=1, max_size=3)
forbids = st.lists(clauses(Effect.FORBID), max_size=2)
# What an asker may leave out; grounds are the owner's, and what it wants to do with the record it cannot leave out.
SAID = (
    "entity",
    "tier",
    "offence",
    "priority",
    "language",
    "necessity",
    "assurances",
    "overrides",
    "consents",
    "asked",
)


def level(clauses_, asked, record):
    return outcome(Program("treaty", PARTIES, named(*clauses_)), asked, record).level


@given(permits, forbids, requests, envelopes)
def test_what_is_put_together_from_columns_is_what_cedar_says_of_the_whole(allowed, forbidden, asked, record):
    one, seen = Program("treaty", PARTIES, named(*allowed, *forbidden)), facts(asked, record, TODAY)
    assert one.outcome(asked, seen) == one.outcome_by_cedar(asked, seen)


@given(permits, forbids, clauses(Effect.FORBID), requests, envelopes)
def test_one_more_prohibition_never_lets_out_more(allowed, forbidden, another, asked, record):
    before = level([*allowed, *forbidden], asked, record)
    assert level([*allowed, *forbidden, another], asked, record) <= before


@given(permits, forbids, requests, envelopes, st.sampled_from(SAID))
def test_what_is_not_said_never_lets_out_more(allowed, forbidden, asked, record, unsaid):
    default = getattr(Circumstances(), unsaid)
    less = msgspec.structs.replace(
        asked, circumstances=msgspec.structs.replace(asked.circumstances, **{unsaid: default})
    )
    assert level([*allowed, *forbidden], less, record) <= level([*allowed, *forbidden], asked, record)


@given(permits, forbids, requests, envelopes)
def test_a_record_of_a_special_kind_is_never_told_sooner_than_another(allowed, forbidden, asked, record):
    ordinary = msgspec.structs.replace(record, traits=())
    assert level([*allowed, *forbidden], asked, record) <= level([*allowed, *forbidden], asked, ordinary)


@given(permits, forbids, requests)
def test_before_a_record_is_known_the_most_that_may_be_told_is_said(allowed, forbidden, asked):
    """Consents are for one record; all else may only narrow once the record is known."""
    plain = msgspec.structs.replace(asked, circumstances=msgspec.structs.replace(asked.circumstances, use=Use.ANSWER))
    for traits in ((), tuple(Trait)):
        known = level([*allowed, *forbidden], plain, envelope(traits=traits))
        assert known <= level([*allowed, *forbidden], plain, None)


# -- several texts in several layers --------------------------------------------------------------------------------

bodies = st.tuples(permits, forbids)
LAYERS = {"rules": Layer.ORGANISATION, "law-a": Layer.NATIONAL_LAW, "law-b": Layer.NATIONAL_LAW}
WHOSE = {"rules": (), "law-a": ("XA",), "law-b": ("XB",)}


def text(name, body):
    allowed, forbidden = body
    layer = {"layer": LAYERS[name], "parties": WHOSE[name]} if name in LAYERS else {}
    return agreement(*named(*allowed, *forbidden), id=name, **layer)


def law_of(texts):
    return Law([(text(name, body), name) for name, body in texts.items()])


def sound(texts):
    """Clauses that can never apply are refused before anyone asks; they are not what is tried here."""
    try:
        return law_of(texts)
    except ValueError:
        return None


stacks = st.fixed_dictionaries({"treaty": bodies}, optional=dict.fromkeys(("other", *LAYERS), bodies))


@settings(max_examples=25)
@given(stacks, requests, envelopes)
def test_no_sequence_of_layers_yields_more_than_its_narrowest(texts, asked, record):
    law = sound(texts)
    if law is None or asked.asker == asked.owner:
        return
    found = decide(asked, record, law, TODAY)
    assert found.level is min(layer.level for layer in found.layers)
    assert (found.reason is not None) == (found.level is NOTHING)
    assert found == decide(asked, record, law_of(texts), TODAY), "the same from the same texts"


@settings(max_examples=25)
@given(stacks, requests, envelopes, st.sampled_from(sorted(LAYERS)), bodies)
def test_one_more_law_never_lets_out_more(texts, asked, record, name, body):
    without = {one: text_ for one, text_ in texts.items() if one != name}
    before, after = sound(without), sound({**without, name: body})
    if before is None or after is None:
        return
    assert decide(asked, record, after, TODAY).level <= decide(asked, record, before, TODAY).level


@settings(max_examples=25)
@given(stacks, requests, envelopes)
def test_agreements_are_a_union_and_never_a_mixture(texts, asked, record):
    texts = {name: body for name, body in texts.items() if name not in LAYERS}
    both = sound(texts)
    if both is None or asked.asker == asked.owner:
        return
    alone = [decide(asked, record, law_of({name: body}), TODAY).level for name, body in texts.items()]
    assert decide(asked, record, both, TODAY).level is max(alone)


@settings(max_examples=25)
@given(stacks, requests, envelopes)
def test_decisions_that_meet_are_as_narrow_as_the_narrowest(texts, asked, record):
    law = sound(texts)
    if law is not None:
        found = decide(asked, record, law, TODAY)
        for level_ in ReplyLevel:
            ours = msgspec.structs.replace(found, level=level_)
            assert narrowest(found, ours).level is min(found.level, level_)


@pytest.mark.parametrize("layer", ["organisation", "asker-law", "owner-law"])
def test_the_narrowest_layer_says_why(layer):
    names = {"organisation": "rules", "asker-law": "law-a", "owner-law": "law-b"}
    shut = [Clause(id="x", title="t", text="Not this.", effect=Effect.FORBID, purposes=(Purpose.BORDER_CONTROL,))]
    open_ = [Clause(id="x", title="t", text="All.", effect=Effect.PERMIT, reply=Reply.FULL)]
    found = decide(request(), None, law_of({"treaty": (open_, []), names[layer]: (open_, shut)}), TODAY)
    assert found.reason.clause == f"{names[layer]} art-1"
    assert [one.layer for one in found.layers if not one.level] == [layer]
    assert layers.standing(request()) in found.layers
