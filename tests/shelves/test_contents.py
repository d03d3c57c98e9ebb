"""What was written to one another lies sealed: nothing of it is on the disk, and what is deleted is gone for good."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import text

from comity.domain.case import CaseState
from comity.domain.errors import Conflict, Invalid
from comity.domain.letter import Lane, Letter, LetterParked
from comity.domain.mail import Draft, ErasureReason, Mail, Translation, Way
from comity.storage.database import Database
from tests.shelves.samples import NOW
from tests.shelves.test_cases import case, mail

SECRET = "the man in the grey coat"
DRAFT = Draft(to=("bergenia",), subject="Who is it?", text=SECRET)
WRITTEN = Mail(id="mail-1", way=Way.DRAFT, case="case-1", draft=DRAFT, noted_at=NOW)
PARKED = LetterParked(letter=SECRET, unknown_kind="greeting")


def translation(number: int) -> Translation:
    return Translation(
        id=f"t-{number}",
        message="mail-1",
        bureau="aldova",
        translator="ada",
        from_language="en",
        to_language="fr",
        text=SECRET,
        made_at=NOW,
    )


@pytest.fixture
def backend() -> str:
    """What lies in the columns is the same in both; the shelves' own tests run over both."""
    return "sqlite"


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("node.db*"))


def write(store: Database, *these: Mail) -> None:
    with store.transaction() as tx:
        for one in these:
            tx.mail.put(one)
        tx.commit()


def test_nothing_of_what_was_written_is_on_the_disk(store: Database, tmp_path: Path):
    with store.transaction() as tx:
        tx.mail.put(WRITTEN)
        tx.mail.annotate(translation(1))
        tx.cases.put(replace(case(1, "ada"), closed_because=SECRET))
        tx.outbox.send("bergenia", PARKED, NOW)
        tx.commit()
    assert SECRET.encode() not in bytes_of(tmp_path)
    with store.reading() as tx:
        assert tx.mail.get("mail-1") == WRITTEN
        assert tx.mail.translations("mail-1") == [translation(1)]
        assert [letter.body for letter in tx.outbox.several("bergenia", Lane.BULK, 9)] == [PARKED]
        assert (found := tx.cases.get("case-1")) is not None
        assert found.closed_because == SECRET


def test_without_its_storage_key_nothing_is_written_and_nothing_read(store: Database, fresh: str, index_folder: Path):
    write(store, WRITTEN)
    keyless = Database(fresh, "bergenia/disclosures", index_folder)
    with keyless.transaction() as tx:
        with pytest.raises(Conflict, match="without its storage key"):
            tx.mail.get("mail-1")
        with pytest.raises(Conflict, match="without its storage key"):
            tx.mail.put(mail(2))
        with pytest.raises(Conflict, match="without its storage key"):
            tx.outbox.send("aldova", PARKED, NOW)
    keyless.close()


def test_another_storage_key_is_found_out_before_anything_is_written(store: Database, fresh: str, index_folder: Path):
    store.seal_contents()
    other = Database(fresh, "bergenia/disclosures", index_folder, storage_key=b"x" * 32)
    with pytest.raises(Invalid, match="another storage key"):
        other.seal_contents()
    other.close()


def test_a_content_does_not_pass_for_another(store: Database):
    write(store, WRITTEN, replace(mail(2), case="case-1"))
    with store.transaction() as tx:
        tx.connection.execute(text("UPDATE mail SET kept = (SELECT kept FROM mail WHERE id = 'mail-2')"))
        with pytest.raises(Invalid, match="was changed"):
            tx.mail.get("mail-1")


@pytest.mark.parametrize(
    "delete",
    [lambda tx: tx.mail.forget("mail-1"), lambda tx: tx.mail.put(WRITTEN.emptied(NOW, ErasureReason.RECALLED))],
)
def test_whoever_kept_the_rows_of_a_deleted_message_reads_nothing(store: Database, delete: Callable[..., None]):
    """As a database that leaves old rows about, or somebody who copies one back."""
    write(store, WRITTEN)
    with store.transaction() as tx:
        kept = tx.connection.execute(text("SELECT kept FROM mail WHERE id = 'mail-1'")).scalar()
        delete(tx)
        tx.commit()
    write(store, replace(WRITTEN, draft=None))
    with store.transaction() as tx:
        tx.connection.execute(text("UPDATE mail SET kept = :kept WHERE id = 'mail-1'"), {"kept": kept})
        with pytest.raises(Invalid, match="sealed under another"):
            tx.mail.get("mail-1")


def test_what_an_earlier_release_left_in_the_open_is_read_then_sealed(store: Database, tmp_path: Path):
    letters = []
    with store.transaction() as tx:
        tx.mail.put(WRITTEN)
        tx.cases.put(case(1, "ada", state=CaseState.CLOSED))
        letters.append(tx.outbox.get(tx.outbox.send("bergenia", PARKED, NOW)))
        assert isinstance(letters[0], Letter)
        for table, column, content in (("mail", "kept", WRITTEN), ("outbox_letters", "letter", letters[0])):
            row = {"open": msgspec.json.encode(content)}
            tx.connection.execute(text(f"UPDATE {table} SET {column} = :open"), row)
        tx.connection.execute(text("DELETE FROM content_keys"))
        tx.cases.put(case(2, "ada"))
        tx.commit()
    assert SECRET.encode() in bytes_of(tmp_path)
    with store.reading() as tx:
        assert tx.mail.get("mail-1") == WRITTEN
    assert store.seal_contents() == 2
    assert store.seal_contents() == 0
    assert SECRET.encode() not in bytes_of(tmp_path)
    with store.reading() as tx:
        assert tx.mail.get("mail-1") == WRITTEN
        assert tx.outbox.get(letters[0].id) == letters[0]
