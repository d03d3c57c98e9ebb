"""Laws of the law: no layer widens another, a prohibition never lets out more, less permission never lets out more."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.caller import Asker, Role
from comity.domain.collection import Category
from comity.domain.decision import Request
from comity.domain.held import Held
from comity.domain.instrument import Clause, Effect, Reply
from comity.domain.marking import Confidentiality, Marking
from comity.domain.person import PersonStatus
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law import marking
from comity.law.decision import Decision
from comity.law.program import LEVELS, Program
from comity.law.release import release, show
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import CORE, KINDS, NOTHING, WANTED, always, nearest, outcome, question, record

PARTIES = ("XA", "XB", "XC")
BOOK = shipped_rulebook()


def some(values):
    return st.lists(st.sampled_from(list(values)), max_size=2, unique=True).map(tuple)


def clauses(effect):
    return st.builds(
        Clause,
        id=st.just("x"),
        title=st.just("t"),
        text=st.just("t"),
        effect=st.just(effect),
        categories=some([Category.PERSONS, Category.VEHICLES]),
        purposes=some([Purpose.LOCATE, Purpose.WARN]),
        roles=some([Role.OFFICER, Role.SUPERVISOR]),
        askers=some(PARTIES),
        owners=some(PARTIES),
        reply=st.sampled_from(Reply) if effect is Effect.PERMIT else st.none(),
    )


def named(*found):
    return tuple(msgspec.structs.replace(clause, id=f"art-{number}") for number, clause in enumerate(found))


def level(clauses_, request):
    """Straight from the clauses: whether each has an effect is not asked here."""
    return outcome(Program("treaty", PARTIES, named(*clauses_)), request).level


permits = st.lists(clauses(Effect.PERMIT), min_size=1, max_size=3)
forbids = st.lists(clauses(Effect.FORBID), max_size=2)
requests = st.builds(
    Request,
    asker=st.sampled_from(PARTIES),
    owner=st.sampled_from(PARTIES),
    category=st.sampled_from([Category.PERSONS, Category.VEHICLES]),
    purpose=st.sampled_from([Purpose.LOCATE, Purpose.WARN]),
    roles=some([Role.OFFICER, Role.SUPERVISOR]),
)


def plainly(clauses_, request):
    """The same rule in plain Python, to hold Cedar's answer against."""

    def fits(clause):
        return (
            (not clause.categories or request.category in clause.categories)
            and (not clause.purposes or request.purpose in clause.purposes)
            and (not clause.roles or bool(set(clause.roles) & set(request.roles)))
            and (not clause.askers or request.asker in clause.askers)
            and (not clause.owners or request.owner in clause.owners)
        )

    holding = [clause for clause in clauses_ if fits(clause)]
    if any(clause.effect is Effect.FORBID for clause in holding):
        return NOTHING
    return max((LEVELS[clause.reply] for clause in holding), default=NOTHING)


@given(permits, forbids, requests)
def test_cedar_answers_as_the_clauses_read(allowed, forbidden, request):
    assert level([*allowed, *forbidden], request) is plainly([*allowed, *forbidden], request)


@given(permits, forbids, clauses(Effect.FORBID), requests)
def test_one_more_prohibition_never_lets_out_more(allowed, forbidden, another, request):
    assert level([*allowed, *forbidden, another], request) <= level([*allowed, *forbidden], request)


@given(permits, forbids, clauses(Effect.PERMIT), requests)
def test_one_permission_less_never_lets_out_more(allowed, forbidden, another, request):
    assert level([*allowed, *forbidden], request) <= level([*allowed, another, *forbidden], request)


@given(permits, requests)
def test_the_clause_that_comes_closest_fails_exactly_when_nothing_permits(allowed, request):
    one = Program("treaty", PARTIES, named(*allowed))
    assert bool(nearest(one, request).failing) == (outcome(one, request).level is NOTHING)


# -- no layer widens another ----------------------------------------------------------------------------------------

levels = st.sampled_from(ReplyLevel)
roles = st.lists(st.sampled_from(Role), max_size=3, unique=True).map(tuple)
askers = st.builds(
    Asker,
    bureau=st.sampled_from(["aldova", "bergenia", "corvia"]),
    country=st.sampled_from(PARTIES),
    unit=st.just("u"),
    officer=st.just("o"),
    roles=roles,
)
countries = st.lists(st.sampled_from(["XA", "XBE", "xc", "XB", "XCV"]), max_size=3).map(tuple)
markings = st.builds(Marking, confidentiality=st.sampled_from(Confidentiality), closed_to=countries, only_for=countries)
subjects = st.one_of(
    st.sampled_from([subject for _, subject, _ in KINDS.values()]),
    st.sampled_from(PersonStatus).map(lambda status: msgspec.structs.replace(WANTED, status=status)),
)


def told(finding):
    """Every field of the subject that is told."""
    if finding is None or finding.subject is None:
        return set()
    empty = type(finding.subject)()
    names = finding.subject.__struct_fields__
    return {name for name in names if getattr(finding.subject, name) != getattr(empty, name)}


def within(finding, limit):
    """No more than the level lets out of any subject of its kind."""
    if finding is None:
        return True
    kind = finding.subject.__struct_config__.tag if finding.subject else ""
    core = set(BOOK.core[kind].fields) if kind else set()
    depth = NOTHING if finding is None else finding.level
    return depth <= limit and (limit > CORE or told(finding) <= (core if limit is CORE else set()))


@given(levels, askers, markings, subjects)
def test_release_never_exceeds_the_narrowest_layer(limit, asker, marked, subject):
    one = record(subject, marked)
    narrow = min(limit, marking.level(one.header, asker, BOOK))
    found = release(Held(one), Decision(limit), asker, question(asker), always, BOOK)
    assert (found is None) or narrow > NOTHING
    assert within(found, narrow)


@given(levels, levels, askers, markings, subjects)
def test_show_never_exceeds_what_came_nor_our_own_rules(came, ours, asker, marked, subject):
    travelled = release(Held(record(subject, marked)), Decision(came), asker, question(asker), always, BOOK)
    if travelled is not None:
        shown = show(Held(travelled), Decision(ours), BOOK)
        assert within(shown, min(came, ours, travelled.level))
        assert told(shown) <= told(travelled)
        assert shown is None or shown.match is None or set(shown.match.fields) <= set(travelled.match.fields)
