"""The law of a whole federation simulated: who may learn what of whom, by 200 members of 200."""

import random
import time
from itertools import cycle, islice

from benchmarks.decisions import TODAY, instrument
from benchmarks.figures import told
from comity.domain.collection import Category
from comity.domain.decision import Request
from comity.domain.instrument import Instrument, Layer
from comity.domain.purpose import Purpose
from comity.law.decision import Law, decide
from comity.law.simulate import Scope, Simulation

MEMBERS = 200
BILATERALS_PER_MEMBER = 4
CONVENTIONS = 3
# Of the promise. There are fewer today: they are gone through again until there are so many.
CATEGORIES = tuple(islice(cycle(Category), 20))
PURPOSES = tuple(islice(cycle(Purpose), 10))
WANTED_MINUTES = 5
COMPARED = 5_000


def main() -> None:
    began = time.perf_counter()
    instruments = _instruments()
    law = Law([(one, one.id) for one in instruments])
    compiled = time.perf_counter() - began
    names = tuple(_name(number) for number in range(MEMBERS))
    scope = Scope(askers=names, owners=names, categories=CATEGORIES, purposes=PURPOSES)
    simulation, cells = Simulation(law, scope, TODAY), 0
    began = time.perf_counter()
    for asker, owner in scope.pairs:
        cells += simulation.levels(asker, owner).size
    taken = time.perf_counter() - began
    clauses = sum(len(one.clauses) for one in instruments)
    told(
        f"{MEMBERS} members, {len(instruments):,} texts, {clauses:,} clauses; one core",
        ("", "decisions", "seconds", "a second"),
        [
            ("texts compiled, once", "", compiled, ""),
            (f"{len(CATEGORIES)} categories x {len(PURPOSES)} purposes", f"{cells:,}", taken, cells / taken),
        ],
    )
    rate = _asked_one_by_one(law, simulation)
    told("For comparison", ("", "a second"), [("the same decisions asked of decide one by one, with reasons", rate)])
    minutes = (compiled + taken) / 60
    print(f"The promise is {WANTED_MINUTES} minutes for the whole matrix on two cores; this is {minutes:.1f} on one.")


def _asked_one_by_one(law: Law, simulation: Simulation) -> float:
    """A sample of the same cells by `decide`, a second; each must come to the same level."""
    scope, draw = simulation.scope, random.Random(1)
    pairs = list(scope.pairs)
    asked = [(draw.choice(pairs), draw.choice(scope.categories), draw.choice(scope.purposes)) for _ in range(COMPARED)]
    requests = [
        Request(asker=asker, owner=owner, category=category, purpose=purpose)
        for (asker, owner), category, purpose in asked
    ]
    began = time.perf_counter()
    found = [decide(request, None, law, TODAY).level for request in requests]
    taken = time.perf_counter() - began
    for (pair, category, purpose), level in zip(asked, found, strict=True):
        place = scope.categories.index(category), scope.purposes.index(purpose)
        if simulation.levels(*pair)[place] != level:
            raise AssertionError(f"{pair} {category} {purpose}: simulated otherwise than decided.")
    return COMPARED / taken


def _name(number: int) -> str:
    return f"member-{number % MEMBERS:03}"


def _instruments() -> list[Instrument]:
    """Rules for all, a law of each member, conventions of two thirds each, and agreements between neighbours."""
    names = [_name(number) for number in range(MEMBERS)]
    found = [instrument("rules", Layer.ORGANISATION, (), 5, 0)]
    found += [instrument(f"law-{number}", Layer.NATIONAL_LAW, (name,), 5, number) for number, name in enumerate(names)]
    for number in range(CONVENTIONS):
        some = tuple(name for place, name in enumerate(names) if (place + number) % 3)
        found.append(instrument(f"convention-{number}", Layer.AGREEMENT, some, 10, number))
    for number, name in enumerate(names):
        for step in islice(range(1, MEMBERS), BILATERALS_PER_MEMBER):
            pair = (name, _name(number + step))
            found.append(instrument(f"bilateral-{number}-{step}", Layer.AGREEMENT, pair, 5, number * MEMBERS + step))
    return found


if __name__ == "__main__":
    main()
