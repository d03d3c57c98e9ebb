"""The log of a joint operation: in the lead's order, in everyone's own words, and nothing for whoever has left."""

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.journal import Act
from comity.domain.letter import OperationOrdered, OperationRefused, OperationVouched, OperationWritten
from comity.domain.marking import Marking
from comity.domain.operation import Closed, Joined, Left, Ordered, Vouch, Word
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.cast import send, why_not
from tests.desks.joint import joint, note, seen, stands, texts, write


def log_of(federation: Federation, node: str, operation: str) -> list[Ordered]:
    with federation[node].store.reading() as tx:
        return tx.operations.log(operation)


def test_entries_of_several_at_once_are_in_one_order_for_all(federation: Federation):
    operation = joint(federation)
    for node in (CORVIA, BERGENIA, ALDOVA, BERGENIA):
        write(federation, node, operation, note(f"by {node}"))
    assert len(seen(federation, BERGENIA, operation).pending) == 2
    federation.post()
    assert log_of(federation, BERGENIA, operation) == log_of(federation, ALDOVA, operation)
    assert log_of(federation, CORVIA, operation) == log_of(federation, ALDOVA, operation)
    words = {one.entry.bureau: one.word for one in seen(federation, CORVIA, operation).log}
    assert words == {ALDOVA: Word.OWN, BERGENIA: Word.VOUCHED, CORVIA: Word.OWN}


def test_whoever_leaves_gets_nothing_newer(federation: Federation):
    operation = joint(federation)
    write(federation, ALDOVA, operation, note("for all"))
    federation.post()
    write(federation, ALDOVA, operation, Left(bureau=CORVIA))
    write(federation, BERGENIA, operation, note("Bergenia does not know yet that Corvia has left"))
    write(federation, ALDOVA, operation, note("newer"))
    federation.post()
    assert texts(federation, CORVIA, operation) == ["founded", "+bergenia", "+corvia", "for all", "left"]
    with federation[CORVIA].store.reading() as tx:
        assert all(number <= 5 for number, _ in tx.operations.vouches(operation))
    assert len(log_of(federation, BERGENIA, operation)) == 7
    assert stands(federation, BERGENIA, operation).members == (ALDOVA, BERGENIA)
    entry = log_of(federation, CORVIA, operation)[3].entry
    late = replace(entry, id="late", bureau=CORVIA, deed=note("once more"))
    send(federation, CORVIA, ALDOVA, OperationWritten(entry=late))
    assert why_not(federation, ALDOVA, operation) == ["corvia is not in it"]


def test_a_member_leaves_by_itself(federation: Federation):
    operation = joint(federation)
    write(federation, CORVIA, operation, Left(bureau=CORVIA))
    federation.post()
    assert stands(federation, ALDOVA, operation).members == (ALDOVA, BERGENIA)
    assert stands(federation, CORVIA, operation).members == (ALDOVA, BERGENIA)


def test_whoever_joins_gets_what_the_lead_chooses_and_always_who_is_in_it(federation: Federation):
    operation = joint(federation, BERGENIA)
    for text in ("one", "two", "three"):
        write(federation, ALDOVA, operation, note(text))
    write(federation, ALDOVA, operation, Joined(bureau=CORVIA), shares_from=5)
    federation.post()
    assert texts(federation, CORVIA, operation) == ["founded", "+bergenia", None, None, "three", "+corvia"]
    assert stands(federation, CORVIA, operation) == stands(federation, ALDOVA, operation)
    again = founded_by_aldova_once_more(federation)
    write(federation, ALDOVA, again, note("one"))
    write(federation, ALDOVA, again, Joined(bureau=CORVIA))
    federation.post()
    assert texts(federation, CORVIA, again) == ["founded", None, "+corvia"]


def founded_by_aldova_once_more(federation: Federation) -> str:
    ada = federation.cast["ada"]
    (case,) = federation[ALDOVA].cases.every(ada)
    return federation[ALDOVA].operations.found(case.id, "Second", ada).head.id


def test_what_its_writer_may_not_tell_somebody_is_withheld_by_the_lead(federation: Federation):
    """Bergenia writes what is closed to Corvia, before it knows that Corvia joins."""
    operation = joint(federation, BERGENIA)
    federation[BERGENIA].operations.write(
        operation, note("not for Corvia"), Marking(closed_to=("XC",)), 0, federation.cast["ben"]
    )
    write(federation, ALDOVA, operation, Joined(bureau=CORVIA))
    federation.post()
    write(federation, ALDOVA, operation, note("for all"))
    federation.post()
    assert texts(federation, CORVIA, operation) == ["founded", "+bergenia", "+corvia", None, "for all"]
    assert stands(federation, CORVIA, operation) == stands(federation, ALDOVA, operation)


def test_letters_that_come_in_another_order_come_to_the_same(federation: Federation):
    """As after one was given up and written anew: entries wait for those before them."""
    operation = joint(federation, BERGENIA)
    log = log_of(federation, ALDOVA, operation)
    copy = "copy-of-it"
    turned = [replace(one, operation=copy) for one in reversed(log)]
    for one in turned:
        send(federation, ALDOVA, BERGENIA, OperationOrdered(ordered=one))
        reached = stands(federation, BERGENIA, copy).number
        assert reached == (len(log) if one is turned[-1] else 0)
    assert stands(federation, BERGENIA, copy).members == (ALDOVA, BERGENIA)


def test_nobody_but_the_lead_orders_and_nobody_writes_for_another(federation: Federation):
    operation = joint(federation)
    last = log_of(federation, ALDOVA, operation)[-1]
    entry = replace(last.entry, id="forged", bureau=BERGENIA, deed=note("forged"))
    place = last.number + 1
    astray = Ordered(operation=operation, number=place, entry=entry)
    send(federation, CORVIA, BERGENIA, OperationOrdered(ordered=astray))
    send(federation, CORVIA, ALDOVA, OperationWritten(entry=entry))
    send(federation, CORVIA, BERGENIA, OperationWritten(entry=replace(entry, bureau=CORVIA)))
    send(federation, ALDOVA, BERGENIA, OperationOrdered(ordered=last))
    send(federation, CORVIA, ALDOVA, OperationOrdered(ordered=replace(last, number=place)))
    for node in (ALDOVA, BERGENIA):
        assert len(log_of(federation, node, operation)) == last.number
    assert why_not(federation, BERGENIA, operation) == [
        "it does not lead it",
        "we do not lead it",
        "there is an entry at that place",
    ]
    assert why_not(federation, ALDOVA, operation) == ["it names another bureau", "it does not lead it"]


def test_an_entry_gets_one_place(federation: Federation):
    operation = joint(federation)
    write(federation, BERGENIA, operation, note("once"))
    federation.post()
    entry = log_of(federation, ALDOVA, operation)[-1].entry
    send(federation, BERGENIA, ALDOVA, OperationWritten(entry=entry))
    assert why_not(federation, ALDOVA, operation) == ["an entry of that id is in order"]
    federation.post()
    assert why_not(federation, BERGENIA, operation) == []


def test_whoever_wrote_what_gets_no_place_is_told_why_by_the_lead_and_by_nobody_else(federation: Federation):
    operation = joint(federation, BERGENIA)
    write(federation, BERGENIA, operation, note("too late"))
    with federation[ALDOVA].store.transaction() as tx:  # as though it had been closed before the entry came
        tx.operations.log_entry(_closing(federation, operation))
        tx.commit()
    with federation[BERGENIA].store.reading() as tx:
        (entry,) = tx.operations.awaiting(operation)
    refused = OperationRefused(operation=operation, entry=entry.id, why="it is closed")
    send(federation, CORVIA, BERGENIA, refused)
    assert why_not(federation, BERGENIA, operation) == ["it refused nothing of ours"]
    with federation[BERGENIA].store.reading() as tx:
        assert tx.operations.awaiting(operation) == []
    told = [one.details for one in federation.journal(BERGENIA) if one.details.get("refused") == entry.id]
    assert told == [{"refused": entry.id, "because": "it is closed"}]
    send(federation, ALDOVA, BERGENIA, refused)
    assert why_not(federation, BERGENIA, operation)[-1] == "it refused nothing of ours"


def test_a_lead_that_changes_anothers_words_is_found_out(federation: Federation):
    operation = joint(federation)
    said = log_of(federation, ALDOVA, operation)[0].entry
    written = replace(said, id="e-1", bureau=BERGENIA, deed=note("I saw nobody."))
    with federation[BERGENIA].store.transaction() as tx:
        tx.operations.await_order(written)
        tx.commit()
    forged = replace(written, deed=note("I saw him."))
    place = Ordered(operation=operation, number=4, entry=forged)
    for node in (BERGENIA, CORVIA):
        send(federation, ALDOVA, node, OperationOrdered(ordered=place))
    assert seen(federation, BERGENIA, operation).log[3].word is Word.DISPUTED
    assert seen(federation, CORVIA, operation).log[3].word is Word.LEAD  # and never vouched for
    word = Vouch(operation=operation, number=4, digest=written.digest())
    send(federation, BERGENIA, CORVIA, OperationVouched(vouch=word))
    assert seen(federation, CORVIA, operation).log[3].word is Word.DISPUTED
    send(federation, BERGENIA, CORVIA, OperationVouched(vouch=replace(word, digest=forged.digest())))
    assert seen(federation, CORVIA, operation).log[3].word is Word.DISPUTED  # the first word counts


def test_what_was_written_as_it_was_closed_waits_no_longer(federation: Federation):
    operation = joint(federation, BERGENIA)
    write(federation, BERGENIA, operation, note("too late"))
    write(federation, ALDOVA, operation, Closed(report="All found."))
    federation.post()
    assert seen(federation, BERGENIA, operation).pending == ()
    assert "too late" not in texts(federation, ALDOVA, operation)
    arrived = [one for one in federation.journal(BERGENIA) if one.act is Act.OPERATION_ARRIVED]
    assert [one.actor for one in arrived if "refused" in one.details] == [ALDOVA]


def test_what_was_written_as_we_were_let_go_waits_no_longer(federation: Federation):
    operation = joint(federation, BERGENIA)
    write(federation, BERGENIA, operation, note("too late"))
    write(federation, ALDOVA, operation, Left(bureau=BERGENIA))
    federation.post()
    assert seen(federation, BERGENIA, operation).pending == ()


def test_nobody_fills_our_disk_with_words_on_what_nobody_wrote(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "OPERATION_VOUCHES_AHEAD_MAX", 3)
    with federation[CORVIA].store.transaction() as tx:
        for number in range(1, 6):
            tx.outbox.send(
                BERGENIA,
                OperationVouched(vouch=Vouch(operation="o", number=number, digest="0" * 64)),
                federation.time(),
            )
        tx.commit()
    federation.post()
    with federation[BERGENIA].store.reading() as tx:
        assert len(tx.operations.vouches("o")) == 3


def _closing(federation: Federation, operation: str) -> Ordered:
    last = log_of(federation, ALDOVA, operation)[-1]
    entry = replace(last.entry, id="closing", bureau=ALDOVA, deed=Closed(report="done"))
    return Ordered(operation=operation, number=last.number + 1, entry=entry)
