"""Every officer's every week, as far as each detector finds it strange."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from comity.analysis.misuse.accounts import Dormant, Travel
from comity.analysis.misuse.cases import ForeignCase, OneCase
from comity.analysis.misuse.detector import Detector, Strange
from comity.analysis.misuse.enumeration import Enumeration
from comity.analysis.misuse.follow_up import NoFollowUp
from comity.analysis.misuse.honey import Honey
from comity.analysis.misuse.hours import OddHours
from comity.analysis.misuse.kin import Kin
from comity.analysis.misuse.persons import SamePerson
from comity.analysis.misuse.purposes import Purposes
from comity.analysis.misuse.removals import Removals
from comity.analysis.misuse.rota import OffRota
from comity.analysis.misuse.traces import OPERATORS, Peer, traces
from comity.analysis.misuse.volume import Volume
from comity.domain.journal import Entry
from comity.domain.misuse import Oddity
from comity.domain.site import Site

WEEKS_LEARNED = 8


class OfficerWeek(NamedTuple):
    """`roles` are what the officer is compared by."""

    officer: str
    unit: str
    roles: str
    week: int
    strange: Mapping[Oddity, Strange]


class Watched(NamedTuple):
    """What the detectors know beside the journal."""

    peers: Mapping[str, Peer]
    sites: Iterable[Site] = ()
    honey: Mapping[str, float] = {}  # record: since when, in seconds since 1970


def officer_weeks(entries: Iterable[Entry], watched: Watched) -> Iterator[OfficerWeek]:
    """In the order of weeks, from entries in their order; the last week may be one that has not ended.

    The detectors must know what is usual first: of the first WEEKS_LEARNED weeks only those with honey are told.
    """
    detectors = _detectors(watched)
    sees = [detector.see for detector in detectors]
    active: dict[str, str] = {}  # officer: unit
    week: int | None = None
    first = 0
    for trace in traces(entries, watched.peers):
        # Entries of two machines may stand a little out of order at midnight: a week never opens again.
        if week is None or trace.week > week:
            if week is None:
                first = trace.week
            else:
                yield from _told(_closed(detectors, week, active, watched.peers), first)
            week, active = trace.week, {}
        active[trace.officer] = trace.unit
        for see in sees:
            see(trace)
    if week is not None:
        yield from _told(_closed(detectors, week, active, watched.peers), first)


def _told(weeks: Iterable[OfficerWeek], first: int) -> Iterator[OfficerWeek]:
    return (one for one in weeks if one.week >= first + WEEKS_LEARNED or Oddity.HONEY in one.strange)


def _detectors(watched: Watched) -> list[Detector]:
    return [
        Volume(),
        OneCase(),
        ForeignCase(),
        NoFollowUp(),
        SamePerson(),
        Kin(watched.peers),
        OddHours(),
        OffRota(),
        Purposes(),
        Enumeration(),
        Dormant(),
        Removals(),
        Travel(watched.sites),
        Honey(watched.honey),
    ]


def _closed(
    detectors: list[Detector], week: int, active: Mapping[str, str], peers: Mapping[str, Peer]
) -> Iterator[OfficerWeek]:
    strange: dict[str, dict[Oddity, Strange]] = {officer: {} for officer in active}
    for detector in detectors:
        for officer, one in detector.close(week).items():
            strange.setdefault(officer, {})[detector.oddity] = one
    for officer, found in strange.items():
        yield OfficerWeek(officer, active.get(officer, ""), _roles(officer, peers), week, found)


def _roles(officer: str, peers: Mapping[str, Peer]) -> str:
    """Of a system's officers: those of the system."""
    if officer.startswith(OPERATORS):
        return "operator"
    return peers[officer.partition("/")[0]].roles
