"""Officers and their files: only in their own drafts, only of their own cases, no more than the limits."""

from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.collection import Category
from comity.domain.errors import Conflict, Missing, NotPermitted, TooLarge, Unavailable
from comity.domain.files import NewFile
from comity.domain.forms import Trace
from comity.domain.mail import Draft
from comity.storage.key_log import KeyLog
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.casework import opened
from tests.federation.file_cast import attached, content, drafted, notes

NEW = NewFile(name="a.mp4", media_type="video/mp4", size_bytes=100_000)


def test_a_file_attaches_to_a_draft_of_an_own_case_alone(federation: Federation):
    draft, desk = drafted(federation), federation[ALDOVA].files
    for login in ("dora",):
        with pytest.raises(Missing):
            desk.begin(draft.id, NEW, federation.cast[login])
    ada = federation.cast["ada"]
    federation[ALDOVA].mail.send(draft.id, ada)
    with pytest.raises(Conflict):
        desk.begin(draft.id, NEW, ada)


def test_a_message_has_no_more_files_than_the_limit(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "FILES_PER_MESSAGE_MAX", 2)
    draft = drafted(federation, b"one", b"two")
    with pytest.raises(TooLarge):
        attached(federation, draft.id, b"three")


def test_more_than_was_said_does_not_come(federation: Federation):
    desk, ada = federation[ALDOVA].files, federation.cast["ada"]
    note = desk.begin(drafted(federation).id, NEW, ada)
    with pytest.raises(Conflict):
        desk.write(note.id, 0, content(100_001), ada)
    with pytest.raises(Conflict, match="at least"):
        desk.write(note.id, 0, content(1_000), ada)


def test_files_of_a_draft_that_is_thrown_away_are_unlinked(federation: Federation):
    draft, node = drafted(federation, content(1_000)), federation[ALDOVA]
    assert len(node.files.disk.names()) == 1
    node.mail.discard(draft.id, federation.cast["ada"])
    node.files.sweep()
    assert node.files.disk.names() == set()


def test_a_file_that_nobody_brings_to_its_end_is_given_up(federation: Federation):
    node, ada = federation[ALDOVA], federation.cast["ada"]
    draft = drafted(federation, content(1_000))
    note = node.files.begin(draft.id, NEW, ada)
    node.files.write(note.id, 0, content(70_000), ada)
    node.files.sweep()
    assert len(notes(federation, draft.id, "ada")) == 2
    federation.time.now += timedelta(days=limits.FILE_LEFT_DAYS, seconds=1)
    node.files.sweep()
    with node.store.reading() as tx:
        assert [one.size_bytes for one in tx.files.of_mail(draft.id)] == [1_000]
    assert len(node.files.disk.names()) == 1


def test_files_are_not_sent_where_nothing_can_be_sealed_to(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    node, ada = federation[ALDOVA], federation.cast["ada"]
    draft = drafted(federation, b"under seal alone")
    monkeypatch.setattr(KeyLog, "has_keys", lambda _, one: one != BERGENIA)
    with pytest.raises(Unavailable, match="No keys of bergenia"):
        node.mail.send(draft.id, ada)
    with node.store.reading() as tx:
        assert tx.outbox.depths() == {}
        (file,) = tx.files.of_mail(draft.id)
    node.files.discard(file.id, ada)
    node.mail.send(draft.id, ada)


def test_a_form_goes_where_the_core_may_be_told_and_a_form_with_a_file_does_not(federation: Federation):
    """A file may hold anything, as free text may."""
    node, ada = federation[ALDOVA], federation.cast["ada"]
    form = Trace(thing="firearm", number="A1", sought=("owner",))
    case = opened(federation, category=Category.PERSONS)
    draft = Draft(to=(CORVIA,), subject="A form", form=form)
    node.mail.send(node.mail.write(case.id, draft, ada).id, ada)
    with_file = node.mail.write(case.id, draft, ada)
    attached(federation, with_file.id, b"anything")
    with pytest.raises(NotPermitted):
        node.mail.send(with_file.id, ada)
