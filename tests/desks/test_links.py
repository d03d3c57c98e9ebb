"""Links at Bergenia's own bureau: proposed in bulk, seen and decided by analysts alone, and nothing ever merged."""

from collections.abc import Callable, Iterable

import msgspec
import pytest

from comity.analysis.linkage import Resolution
from comity.desks.links import Links
from comity.domain.caller import Caller, Role
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act
from comity.domain.link import LinkKind, LinkState
from comity.domain.marking import Confidentiality, Marking
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.domain.record import Record, WithdrawalReason, record_id
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.desks.cast import as_, everyone_but
from tests.federation.conftest import row, wanted_person
from tests.law.cast import agreement, law, permit

ANNA = as_({Role.ANALYST}, BERGENIA)
SARA = as_({Role.SUPERVISOR}, BERGENIA)
DENNIS = as_({Role.DUTY_OFFICER}, BERGENIA)


def known(name: str, birth: str = "1971-03-09", status: PersonStatus = PersonStatus.SUSPECT) -> Person:
    return Person(
        names=(Name(full=name),), births=(birth,), nationalities=("XB",), status=status, purpose=RecordPurpose.INFORM
    )


TWICE = known("Ivan Petrovich Sorokin")


@pytest.fixture
def linked(federation: Federation) -> Federation:
    """The wanted person a second time in Latin letters, and two strangers; compared."""
    federation.enter(
        BERGENIA,
        "nominals",
        [
            row("P-2", TWICE),
            row("P-3", known("Mira Oleander", "1990-01-20"), line=2),
            row("P-4", known("Tor Quast", "1962-12-02"), line=3),
        ],
    )
    propose(federation)
    return federation


def desk(federation: Federation) -> Links:
    return federation[BERGENIA].links


def propose(federation: Federation, least: float = 0.5):
    return desk(federation).propose(["nominals"], least, SARA)


def only_link(federation: Federation, state: LinkState = LinkState.PROPOSED) -> str:
    (line,) = desk(federation).queue(state, ANNA)
    return line.link.id


def test_a_second_record_in_another_script_is_proposed_with_its_reasons(linked: Federation):
    (line,) = desk(linked).queue(LinkState.PROPOSED, ANNA)
    assert {line.left_reference, line.right_reference} == {"P-1", "P-2"}
    assert line.link.kind is LinkKind.DUPLICATE
    assert line.link.probability > 0.9
    assert {one.field for one in line.link.fields} >= {"family", "given", "birth"}
    assert all(not one.asked and not one.found for one in line.link.fields)


def test_nothing_is_merged_by_a_run_or_by_an_acceptance(linked: Federation):
    before = [linked.record(BERGENIA, "nominals", reference) for reference in ("P-1", "P-2", "P-3", "P-4")]
    desk(linked).accept(only_link(linked), "the same scar", ANNA)
    assert [linked.record(BERGENIA, "nominals", one) for one in ("P-1", "P-2", "P-3", "P-4")] == before


def test_a_run_is_journalled_with_numbers_alone(linked: Federation):
    (entry,) = [one for one in linked.journal(BERGENIA) if one.act is Act.LINKS_PROPOSED]
    assert entry.actor == SARA.account
    assert entry.details["records"] == 4
    assert entry.details["proposed"] == 1
    assert entry.records == ()


@pytest.mark.parametrize(
    ("word", "state", "act"),
    [("accept", LinkState.ACCEPTED, Act.LINK_ACCEPTED), ("reject", LinkState.REJECTED, Act.LINK_REJECTED)],
)
def test_a_decision_is_journalled_with_both_records(linked: Federation, word: str, state: LinkState, act: Act):
    link = only_link(linked)
    decided = getattr(desk(linked), word)(link, " the same scar ", ANNA)
    assert (decided.state, decided.decided_by, decided.why) == (state, ANNA.account, "the same scar")
    (entry,) = [one for one in linked.journal(BERGENIA) if one.act is act]
    assert entry.subject == link
    assert set(entry.records) == {decided.left, decided.right}
    assert only_link(linked, state) == link
    assert desk(linked).queue(LinkState.PROPOSED, ANNA) == []


def test_to_look_at_a_link_is_journalled_and_shows_both_records(linked: Federation):
    shown = desk(linked).show(only_link(linked), ANNA)
    assert {shown.left, shown.right} == {wanted_person(), TWICE}
    (entry,) = [one for one in linked.journal(BERGENIA) if one.act is Act.LINK_SHOWN]
    assert set(entry.records) == {shown.line.link.left, shown.line.link.right}


def test_a_decision_needs_its_reason_and_is_not_made_twice(linked: Federation):
    link = only_link(linked)
    with pytest.raises(Invalid, match="reason"):
        desk(linked).accept(link, "  ", ANNA)
    desk(linked).accept(link, "the same scar", ANNA)
    with pytest.raises(Conflict, match="accepted already"):
        desk(linked).accept(link, "the same scar", ANNA)
    assert desk(linked).reject(link, "a twin after all", ANNA).state is LinkState.REJECTED


def acts(federation: Federation) -> list[Callable[[Caller], object]]:
    links = desk(federation)
    return [
        lambda caller: links.queue(LinkState.PROPOSED, caller),
        lambda caller: links.show("some", caller),
        lambda caller: links.accept("some", "why", caller),
        lambda caller: links.reject("some", "why", caller),
    ]


@pytest.mark.parametrize("act", range(4))
def test_nobody_but_analysts_sees_or_decides(federation: Federation, act: int):
    with pytest.raises(NotPermitted):
        acts(federation)[act](everyone_but(Role.ANALYST, bureau=BERGENIA))


def test_nobody_but_analysts_and_supervisors_starts_a_run(federation: Federation):
    with pytest.raises(NotPermitted):
        desk(federation).propose([], 0.5, everyone_but(Role.ANALYST, Role.SUPERVISOR, bureau=BERGENIA))


def test_an_analyst_who_is_an_auditor_too_sees_no_link(linked: Federation):
    """Whoever watches over others does not look at records, whatever other role they have."""
    link, both = only_link(linked), as_({Role.ANALYST, Role.AUDITOR}, BERGENIA)
    assert desk(linked).queue(LinkState.PROPOSED, both) == []
    with pytest.raises(Missing):
        desk(linked).show(link, both)
    with pytest.raises(Missing):
        desk(linked).accept(link, "why", both)


def test_a_record_that_analysts_may_not_see_is_not_compared(federation: Federation):
    secret = Marking(confidentiality=Confidentiality.CONFIDENTIAL)
    federation.enter(BERGENIA, "nominals", [row("P-2", TWICE, secret)])
    run = propose(federation)
    assert (run.records, run.proposed) == (1, 0)


def test_a_link_whose_record_becomes_secret_is_not_told(linked: Federation):
    link = only_link(linked)
    linked.enter(BERGENIA, "nominals", [row("P-2", TWICE, Marking(confidentiality=Confidentiality.CONFIDENTIAL))])
    assert desk(linked).queue(LinkState.PROPOSED, ANNA) == []
    with pytest.raises(Missing):
        desk(linked).show(link, ANNA)


def test_a_withdrawal_takes_the_link_with_it(linked: Federation):
    link = only_link(linked)
    desk(linked).accept(link, "the same scar", ANNA)
    linked[BERGENIA].records.withdraw("nominals", "P-2", "", WithdrawalReason.PURPOSE_ACHIEVED, DENNIS)
    with linked[BERGENIA].store.reading() as tx:
        assert list(tx.links.every()) == []
    with pytest.raises(Missing):
        desk(linked).show(link, ANNA)


def test_what_is_withdrawn_while_a_run_computes_is_not_linked(linked: Federation):
    links = desk(linked)
    honest = links.resolve

    def slow(persons: Iterable[Person], least: float) -> Resolution:
        found = honest(persons, least)
        linked[BERGENIA].records.withdraw("nominals", "P-2", "", WithdrawalReason.PURPOSE_ACHIEVED, DENNIS)
        return found

    links.resolve = slow
    assert propose(linked).proposed == 0
    with linked[BERGENIA].store.reading() as tx:
        assert list(tx.links.every()) == []


def test_the_same_run_again_keeps_what_was_decided(linked: Federation):
    desk(linked).accept(only_link(linked), "the same scar", ANNA)
    run = propose(linked)
    assert (run.proposed, run.decided) == (0, 1)
    assert only_link(linked, LinkState.ACCEPTED)


def test_a_rejected_link_comes_back_only_after_an_amendment(linked: Federation):
    link = only_link(linked)
    desk(linked).reject(link, "a cousin", ANNA)
    assert propose(linked).proposed == 0
    linked.enter(BERGENIA, "nominals", [row("P-2", msgspec.structs.replace(TWICE, birth_place="Vellmark"))])
    assert propose(linked).proposed == 1
    assert only_link(linked) == link


def test_what_a_run_no_longer_finds_goes(linked: Federation):
    linked.enter(BERGENIA, "nominals", [row("P-2", known("Quirin Zabelthau", "1999-12-31"))])
    run = propose(linked)
    assert (run.proposed, run.withdrawn) == (0, 1)
    with linked[BERGENIA].store.reading() as tx:
        assert list(tx.links.every()) == []


def test_an_amendment_is_told_beside_the_link(linked: Federation):
    linked.enter(BERGENIA, "nominals", [row("P-2", msgspec.structs.replace(TWICE, birth_place="Vellmark"))])
    (line,) = desk(linked).queue(LinkState.PROPOSED, ANNA)
    assert line.amended


def test_a_hub_proposes_none(federation: Federation):
    with pytest.raises(Conflict, match="no analysts"):
        federation[HUB].links.propose([], 0.5, as_({Role.SUPERVISOR}, HUB))


@pytest.mark.parametrize(
    ("codes", "least"), [(["sltd"], 0.5), (["nothing"], 0.5), ([], 0.0), ([], 1.0), ([], float("nan"))]
)
def test_what_makes_no_sense_is_refused(federation: Federation, codes: list[str], least: float):
    with pytest.raises(Invalid):
        desk(federation).propose(codes, least, SARA)


def with_a_copy_of_aldova_s(federation: Federation, marking: Marking) -> None:
    """What no bureau holds today: a record of another one."""
    own = federation.record(BERGENIA, "nominals", "P-1")
    header = msgspec.structs.replace(
        own.header,
        id=record_id("nominals", ALDOVA, "A-1"),
        source=ALDOVA,
        country="XA",
        reference="A-1",
        marking=marking,
    )
    with federation[BERGENIA].store.transaction() as tx:
        tx.records.put([Record(header=header, subject=own.subject)])
        tx.commit()


def test_a_record_of_another_is_compared_only_as_agreements_allow(federation: Federation):
    """The model agreements tell persons to other countries for purposes of police work, of which analysis is none."""
    with_a_copy_of_aldova_s(federation, Marking())
    assert propose(federation).records == 1


def test_between_two_sources_it_is_a_link_and_no_duplicate(federation: Federation):
    with_a_copy_of_aldova_s(federation, Marking())
    links = desk(federation)
    links.law = lambda tx: law(agreement(permit(purposes=("analysis",))))
    assert links.propose([], 0.5, SARA).proposed == 1
    (line,) = links.queue(LinkState.PROPOSED, ANNA)
    assert line.link.kind is LinkKind.LINK
    assert {line.left_reference, line.right_reference} == {"P-1", "A-1"}
