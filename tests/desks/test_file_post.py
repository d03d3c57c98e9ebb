"""What a letter says of its files is believed only where both of its lists agree, and where its message was taken."""

import pytest
from msgspec import Raw
from msgspec.structs import replace

from comity.desks.file_post import destroy, expect
from comity.domain.errors import Conflict
from comity.domain.files import FileState, NewFile
from comity.domain.journal import Act
from comity.domain.letter import CaseMessage, Letter
from comity.domain.sealed import Manifest
from comity.testing.federation import ALDOVA, BERGENIA, Federation
from tests.federation.file_cast import content, drafted, notes, sent


def came(federation: Federation) -> tuple[Letter, Manifest]:
    """A letter with one file, as Bergenia took it."""
    mail = sent(federation, content(1_000))
    federation.post()
    with federation[BERGENIA].store.transaction() as tx:
        (file,) = tx.files.of_mail(mail.id)
        tx.files.forget(file.id)
        tx.commit()
        message = mail.message
    assert message is not None
    now = federation.time()
    letter = Letter(
        id=file.letter,
        sender=ALDOVA,
        recipient=BERGENIA,
        lane="urgent",
        sequence=1,
        written_at=now,
        expires_at=now,
        body=CaseMessage(message=message),
    )
    manifest = Manifest(
        id=letter.id,
        sender=ALDOVA,
        recipients=(BERGENIA,),
        seq={BERGENIA: 1},
        prev={BERGENIA: ""},
        created=now,
        expires=now,
        purpose=None,
        basis=(),
        handling=(),
        body=Raw(b"{}"),
        files=(file.attachment,),
    )
    return letter, manifest


def expected(federation: Federation, letter: Letter, manifest: Manifest) -> int:
    with federation[BERGENIA].store.transaction() as tx:
        expect(tx, letter, manifest, federation.time())
        tx.commit()
    with federation[BERGENIA].store.reading() as tx:
        return len(tx.files.to_fetch())


def test_the_files_of_a_message_are_fetched(federation: Federation):
    letter, manifest = came(federation)
    assert expected(federation, letter, manifest) == 1
    assert expected(federation, letter, manifest) == 1  # again: nothing happens


def test_files_that_the_message_does_not_name_are_not_fetched(federation: Federation):
    letter, manifest = came(federation)
    file = manifest.files[0]
    for files in ((), (replace(file, ct_sha256="1" * 64),), (file, file), (file, replace(file, ct_sha256="1" * 64))):
        assert expected(federation, letter, replace(manifest, files=files)) == 0
    refused = [one for one in federation.journal(BERGENIA) if one.act is Act.FILE_ARRIVED]
    assert [one.outcome for one in refused[-4:]] == ["not-applied"] * 4


def test_files_beside_a_message_of_another_bureau_are_not_fetched(federation: Federation):
    letter, manifest = came(federation)
    assert expected(federation, replace(letter, sender="corvia"), manifest) == 0
    body = CaseMessage(message=replace(letter.body.message, id="unknown"))
    assert expected(federation, replace(letter, body=body), manifest) == 0


def test_no_name_of_a_letter_becomes_one_on_our_disk(federation: Federation):
    letter, manifest = came(federation)
    expected(federation, replace(letter, id="../../etc/passwd"), manifest)
    with federation[BERGENIA].store.reading() as tx:
        (file,) = tx.files.to_fetch()
    assert file.id.isalnum()


def test_what_was_destroyed_with_its_letter_is_not_noted_again(federation: Federation):
    letter, manifest = came(federation)
    expected(federation, letter, manifest)
    with federation[BERGENIA].store.transaction() as tx:
        (file,) = tx.files.to_fetch()
        assert destroy(tx, BERGENIA, ALDOVA, letter.body.message.id, federation.time(), "recalled") == 1
        tx.commit()
    federation[BERGENIA].file_post.arrived(file, "")
    assert notes(federation, letter.body.message.id) == []


def test_a_message_does_not_leave_before_its_files_are_whole(federation: Federation):
    draft, ada = drafted(federation), federation.cast["ada"]
    new = NewFile(name="a.mp4", media_type="video/mp4", size_bytes=100_000)
    note = federation[ALDOVA].files.begin(draft.id, new, ada)
    assert note.state is FileState.COMING
    with pytest.raises(Conflict, match="has not come whole"):
        federation[ALDOVA].mail.send(draft.id, ada)
