"""Each detector alone: what it is there for is strange, and what looks like it and is lawful is not, or less."""

from collections.abc import Iterable

import pytest

from comity.analysis.misuse.accounts import Dormant, Travel, distance_km
from comity.analysis.misuse.cases import ForeignCase, OneCase
from comity.analysis.misuse.detector import Detector
from comity.analysis.misuse.enumeration import Enumeration
from comity.analysis.misuse.follow_up import NoFollowUp
from comity.analysis.misuse.honey import Honey
from comity.analysis.misuse.hours import OddHours
from comity.analysis.misuse.kin import Kin
from comity.analysis.misuse.persons import SamePerson
from comity.analysis.misuse.purposes import Purposes
from comity.analysis.misuse.removals import Removals
from comity.analysis.misuse.rota import OffRota
from comity.analysis.misuse.traces import WEEK_SECONDS, Peer, Sort, Trace, monday, name_words
from comity.analysis.misuse.volume import Volume
from comity.domain.site import Site

HOUR = 3_600
ADA, TEAM = "ada", tuple(f"colleague-{number}" for number in range(8))


def act(
    officer: str, week: int, hour: float, sort: Sort = Sort.ASKED, case: str = "c", key: str = "k", **more: object
) -> Trace:
    """`hour` after Monday, 0:00."""
    at = monday(week).timestamp() + hour * HOUR
    told = {"unit": "harbour", "purpose": "identify", **more}
    return Trace(at=at, officer=officer, sort=sort, case=case, key=key, **told)  # type: ignore[arg-type]


def closed(detector: Detector, *weeks: Iterable[Trace]) -> dict[str, float]:
    """Values of the last week."""
    found = {}
    for number, seen in enumerate(weeks):
        for trace in sorted(seen, key=lambda one: one.at):
            detector.see(trace)
        found = detector.close(number)
    return {officer: strange.value for officer, strange in found.items()}


def shift(week: int, each: int, hours: Iterable[int] = (9, 33, 57)) -> list[Trace]:
    """The team at work."""
    return [
        act(one, week, hour + n / 60, key=f"{one} {hour} {n}", case=f"{one}'s")
        for one in TEAM for hour in hours for n in range(each)
    ]  # fmt: skip


def test_volume_is_against_colleagues_at_the_same_hours():
    many = [act(ADA, 0, 9 + n / 100) for n in range(30)]
    assert closed(Volume(), [*shift(0, 2), *many])[ADA] > 3
    assert closed(Volume(), [*shift(0, 30), *many]).get(ADA, 0) < 0.5  # everybody has as many: an incident


def test_one_case_for_strangers_whom_nobody_else_asks_for():
    strangers = [act(ADA, 0, 9 + n / 100, key=f"s{n}") for n in range(12)]
    assert closed(OneCase(), strangers)[ADA] == 12
    shared = [act(one, 0, 9, key=f"s{n}") for one in TEAM for n in range(12)]
    assert ADA not in closed(OneCase(), [*strangers, *shared])


def test_a_case_of_another_unit():
    theirs = [act("max", 0, 9, unit="airport", case="a-1")]
    assert closed(ForeignCase(), [*shift(0, 3), *theirs], [act(ADA, 1, 9, case="a-1"), *shift(1, 3)])[ADA] > 1
    with_us = [act(TEAM[0], 0, 9, case="a-1")]
    assert ADA not in closed(ForeignCase(), [*shift(0, 3), *theirs, *with_us], [act(ADA, 1, 9, case="a-1")])


@pytest.mark.parametrize(("by", "strange"), [(None, True), (ADA, False), (TEAM[0], False)])
def test_hits_after_which_nothing_was_done(by: str | None, strange: bool):
    hits = [act(ADA, 0, 9 + n, Sort.SHOWN, records=(f"r{n}",), case=f"h{n}") for n in range(6)]
    done = [act(by, 0, 20, Sort.WORKED, case=f"h{n}") for n in range(6)] if by else []
    found = closed(NoFollowUp(), [*hits, *done], [], [])
    assert (ADA in closed(NoFollowUp(), [*hits, *done], [])) is strange
    assert ADA not in found  # judged once


def test_one_person_under_case_after_case():
    stalked = [[act(ADA, week, 9, case=f"x{week}", key="neighbour")] for week in range(4)]
    assert closed(SamePerson(), *stalked)[ADA] == 3
    regular = [[*one, *(act(who, week, 8, case=f"{who}{week}", key="neighbour") for who in TEAM)]
               for week, one in enumerate(stalked)]  # fmt: skip
    assert closed(SamePerson(), *regular)[ADA] < 0.5


def test_half_a_year_later_it_is_forgotten():
    stalked = [[act(ADA, 0, 9, case="x", key="neighbour")], *([] for _ in range(26))]
    assert ADA not in closed(SamePerson(), *stalked, [act(ADA, 27, 9, case="y", key="neighbour")])


def test_kin_by_rare_names_and_in_any_order():
    peers = {
        ADA: Peer(unit="harbour", roles="officer", words=name_words("Ada Quenneville")),
        "ben": Peer(unit="harbour", roles="officer", words=name_words("Ben Ostrander")),
    }
    common = [act("ben", 0, 9, words=name_words(f"Tom Common{n % 7}")) for n in range(600)]

    def value(name: str) -> float:
        return closed(Kin(peers), [*common, act(ADA, 0, 9, words=name_words(name))]).get(ADA, 0.0)

    assert value("QUENNEVILLE, Ada") > value("Ben Ostrander") > value("Lou Quenneville") > 0
    assert value("Tom Common3") == 0


def test_nights_are_odd_where_nobody_works_them():
    usual = [[*shift(week, 1), *(act(ADA, week, hour) for hour in (9, 33, 57))] for week in range(8)]
    night = [*shift(8, 1), act(ADA, 8, 26.5)]
    assert closed(OddHours(), *usual, night)[ADA] > 0
    nights = [[*one, *shift(week, 1, (2, 26, 50))] for week, one in enumerate(usual)]
    assert ADA not in closed(OddHours(), *nights, night)


def test_a_shift_on_top_of_the_rota_counts_more_than_one_that_was_swapped():
    hours = (9, 33, 57)
    usual = [[*shift(week, 1), *(act(ADA, week, hour) for hour in hours)] for week in range(4)]
    on_top = [*shift(4, 1), *(act(ADA, 4, hour) for hour in (*hours, 140))]
    swapped = [*shift(4, 1), *(act(ADA, 4, hour) for hour in (9, 33, 140))]
    assert closed(OffRota(), *usual, on_top)[ADA] > 2 * closed(OffRota(), *usual, swapped)[ADA] > 0
    assert ADA not in closed(OffRota(), *usual, shift(4, 1))


def test_a_purpose_for_which_others_do_not_work_on_the_case():
    others = [act(one, 0, 9, purpose="criminal-investigation") for one in TEAM for _ in range(5)]
    assert closed(Purposes(), others, [act(ADA, 1, 9, purpose="security-check")])[ADA] > 0
    assert ADA not in closed(Purposes(), others, [act(ADA, 1, 9, purpose="criminal-investigation")])


def test_number_after_number_and_everybody_of_a_name():
    walk = [act(ADA, 0, 9, series="document BE 7", number=n) for n in (100, 101, 103, 104)]
    assert closed(Enumeration(), walk)[ADA] == 3
    apart = [act(ADA, 0, 9, series="document BE 7", number=n * 100) for n in range(5)]
    assert ADA not in closed(Enumeration(), apart)
    family = [act(ADA, 0, 9, words=("solberg", f"given{n}")) for n in range(9)]
    strangers = [act(TEAM[0], 0, 9, words=(f"family{n}", f"g{n}")) for n in range(90)]
    assert closed(Enumeration(), [*family, *strangers])[ADA] > 4


def test_an_account_that_slept():
    woken = [act(ADA, 10, 9 + n / 10) for n in range(12)]
    assert closed(Dormant(), [act(ADA, 0, 9)], *([] for _ in range(9)), woken)[ADA] > 2
    assert ADA not in closed(Dormant(), [act(ADA, 9, 9)], woken)


def test_two_places_in_less_time_than_the_way_takes():
    sites = [Site(name="north", latitude=48, longitude=14), Site(name="south", latitude=46, longitude=14)]
    assert distance_km(*sites) == pytest.approx(222, abs=1)
    hop = [act(ADA, 0, 9, site="north"), act(ADA, 0, 9.5, site="south")]
    assert closed(Travel(sites), hop)[ADA] == 1
    assert ADA not in closed(Travel(sites), [hop[0], act(ADA, 0, 13, site="south")])
    again = [[act(ADA, week, 9, site="north"), act(ADA, week, 9.5, site="south")] for week in range(5)]
    assert closed(Travel(sites), *again)[ADA] < 0.5  # a line that they always use


def test_removals_by_whoever_removes_nothing():
    registrar = [[act("rita", week, 9, Sort.REMOVED) for _ in range(9)] for week in range(12)]
    last = [*registrar[0], act(ADA, 12, 9, Sort.REMOVED, unit="airport"), act("max", 12, 9, unit="airport")]
    found = closed(Removals(), *registrar, last)
    assert found[ADA] > found.get("rita", 0)


def test_honey_is_strange_as_soon_as_it_is_shown():
    detector = Honey({"honey-1": monday(0).timestamp()})
    before = act(ADA, -1, 9, Sort.SHOWN, records=("honey-1",))
    assert closed(detector, [before]) == {}
    assert closed(detector, [act(ADA, 0, 9, Sort.SHOWN, records=("honey-1",))]) == {ADA: 1.0}
    assert closed(detector, [act(ADA, 0, 9, Sort.SHOWN, records=("r-1",))]) == {}
    assert WEEK_SECONDS == 7 * 24 * HOUR
