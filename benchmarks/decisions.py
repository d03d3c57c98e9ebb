"""Decisions: how many a second, how long the slowest take, and whether it matters how many members there are."""

import random
import time
from datetime import date

import cedarpy

from benchmarks.figures import milliseconds, quantile, told
from comity.domain.caller import Role
from comity.domain.circumstances import Circumstances, StatedOffence
from comity.domain.collection import Category
from comity.domain.decision import Envelope, Request
from comity.domain.instrument import Clause, Effect, Instrument, Layer, OffenceScope, Reply
from comity.domain.marking import Confidentiality, Handling, Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import Policies
from comity.law.columns import asked_of
from comity.law.decision import Law, decide
from comity.law.facts import facts
from comity.law.texts import Texts

MEMBERS = (1, 10, 100, 200)
CLAUSES_PER_MEMBER = 10  # 5 in its national law, 5 in its agreement with the node that answers
WARMED, ASKED = 60_000, 40_000
TODAY = date(2026, 3, 1)
HERE = "here"
PURPOSES, CATEGORIES = tuple(Purpose), tuple(Category)
OFFENCES = ("murder", "robbery", "fraud", "smuggling", "theft")
ROLES = (Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM)


def main() -> None:
    bare = _bare_call()
    rows = [(*_one(members), bare) for members in MEMBERS]
    told(
        "A decision of five layers and a marking, warm, on one core",
        (
            "members, clauses",
            "a second of one core",
            "p50 µs",
            "p99 µs",
            "p99 µs of the core",
            "µs each while warming",
            "of a bare call",
        ),
        [(name, rate, *times, 1e6 / rate / bare) for name, rate, *times, _ in rows],
    )
    told("For comparison", ("", "µs"), [("a bare cedarpy call, 10 clauses, all parsed before", bare)])


def _one(members: int) -> tuple[str, float, float, float, float, float]:
    law, draw = _law(members), random.Random(members)
    first = [_request(draw, members) for _ in range(WARMED)]
    began = time.perf_counter()
    for request, envelope in first:
        decide(request, envelope, law, TODAY)
    warming = (time.perf_counter() - began) * 1e6 / WARMED
    asked = [_request(draw, members) for _ in range(ASKED)]
    taken, of_core = [], []  # what else runs on the machine takes from the wall clock, and not from the core's
    for request, envelope in asked:
        began, at_core = time.perf_counter(), time.process_time()
        decide(request, envelope, law, TODAY)
        of_core.append(1e6 * (time.process_time() - at_core))
        taken.append(1e6 * (time.perf_counter() - began))
    rate = 1e6 * ASKED / sum(of_core)
    clauses = sum(len(one.clauses) for one in _instruments(members))
    name = f"{members} members, {clauses:,}"
    return name, rate, quantile(taken, 0.5), quantile(taken, 0.99), quantile(of_core, 0.99), warming


def _law(members: int) -> Law:
    return Law([(one, one.id) for one in _instruments(members)])


def _name(number: int) -> str:
    return f"member-{number:03}"


def _instruments(members: int) -> list[Instrument]:
    """An organisation's rules, the law of the node that answers, and for each member its law and an agreement."""
    found = [
        instrument("rules", Layer.ORGANISATION, (), 5, 0),
        instrument("law-here", Layer.NATIONAL_LAW, (HERE,), 5, 1),
    ]
    for number in range(members):
        found.append(instrument(f"law-{number}", Layer.NATIONAL_LAW, (_name(number),), 5, number))
        found.append(instrument(f"agreement-{number}", Layer.AGREEMENT, (HERE, _name(number)), 5, number))
    return found


def instrument(name: str, layer: Layer, parties: tuple[str, ...], clauses: int, seed: int) -> Instrument:
    """A generated text of so many clauses, the last of them forbidding; the same for the same seed."""
    draw = random.Random(f"{name} {seed}")
    return Instrument(
        id=name,
        title=name,
        source="Generated",
        layer=layer,
        parties=parties,
        in_force_from=date(2020, 1, 1),
        clauses=tuple(_clause(draw, number, clauses) for number in range(clauses)),
    )


def _clause(draw: random.Random, number: int, of: int) -> Clause:
    forbids = number == of - 1
    scope = OffenceScope(penalty_min_months=draw.choice((6, 12, 24)), codes=tuple(draw.sample(OFFENCES, 3)))
    return Clause(
        id=f"art-{number + 1}",
        title="Generated",
        text="Generated.",
        effect=Effect.FORBID if forbids else Effect.PERMIT,
        categories=tuple(draw.sample(CATEGORIES, 1 if forbids else 4)),
        purposes=tuple(draw.sample(PURPOSES, 1 if forbids else 6)),
        roles=tuple(draw.sample(ROLES, 2)) if number % 2 else (),
        offences=scope if number % 3 == 1 and not forbids else None,
        reply=None if forbids else draw.choice(tuple(Reply)),
        obligations=() if forbids else ("confirm-before-action", "stated-purpose-only"),
    )


def _request(draw: random.Random, members: int) -> tuple[Request, Envelope]:
    """Any member asks the node that answers for one record of its own."""
    offence = StatedOffence(code=draw.choice(OFFENCES), penalty_max_months=draw.randrange(1, 361), death_penalty=False)
    request = Request(
        asker=_name(draw.randrange(members)),
        owner=HERE,
        category=draw.choice(CATEGORIES),
        purpose=draw.choice(PURPOSES),
        roles=(draw.choice(ROLES),),
        circumstances=Circumstances(offence=offence if draw.random() < 0.7 else None),
    )
    marking = Marking(
        confidentiality=draw.choice(tuple(Confidentiality)),
        handling=(draw.choice(tuple(Handling)),),
        closed_to=("XC",) if draw.random() < 0.1 else (),
    )
    return request, Envelope(record="r", source=HERE, retain_until=date(2030, 1, 1), marking=marking)


def _bare_call() -> float:
    """Microseconds of one call with the same schema and an instrument of ten clauses, everything parsed before."""
    bare = instrument("bare", Layer.AGREEMENT, (HERE, _name(0)), 10, 7)
    policies: Policies = Texts([(bare, "bare")]).slice(_name(0), HERE).agreements[0].program.policies
    draw, asked, anybody = random.Random(7), [], {"asker": "*", "owner": "*"}
    for _ in range(2_000):
        request, envelope = _request(draw, 1)
        asked.append(cedar._request(asked_of({**facts(request, envelope, TODAY), **anybody}), ReplyLevel.HIT))
    each = iter(asked)
    began = time.process_time()
    milliseconds(lambda: cedarpy.is_authorized(next(each), policies.policies, cedar._NOBODY, policies.schema), 2_000)
    return 1e6 * (time.process_time() - began) / len(asked)


if __name__ == "__main__":
    main()
