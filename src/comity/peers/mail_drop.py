"""The mail drop: sealed letters, receipts and files in a folder, carried by e-mail or by hand where no line is."""

from collections.abc import Iterable
from pathlib import Path

from comity.desks.needs import Store
from comity.domain import limits
from comity.domain.errors import Invalid, Missing, TooLarge
from comity.domain.post import RANK, InPost
from comity.domain.sealed import Sealed
from comity.peers.file_drop import SEALED, FileDrop
from comity.peers.sealed_courier import SealedCourier
from comity.wire.evidence import digest_of
from comity.wire.pieces import join, split

LETTER, RECEIPT = ".letter", ".receipt"
_LETTER_BYTES_MAX = limits.BOX_BYTES_MAX + limits.ROUTE_BYTES_MAX + 16  # with the lengths of its two pieces


class MailDrop:
    """What leaves here is what the hub would get: whoever carries it, or finds it, reads no more than the hub does."""

    def __init__(self, store: Store, courier: SealedCourier, files: FileDrop) -> None:
        self.store = store
        self.courier = courier
        self.files = files

    def write(self, folder: Path, recipient: str) -> int:
        """Every letter that the recipient has not signed for, our receipts for its own, and files; how many of all.

        Letters stay here and at the hub: whichever way brings one first, it is taken once.
        """
        if not folder.is_dir():
            raise Missing(f"There is no folder {folder}.", do="Make it first.")
        if not self.courier.seals_to(recipient):
            raise Missing(f"{recipient} has signed no keys to seal to.", do="Only sealed letters are carried so.")
        self.courier.seal_waiting()
        with self.store.reading() as tx:
            letters = tx.sealed.undelivered(recipient)
            receipts = tx.evidence.of_sender(recipient)
        files = {_name(one, number): join(_pieces(one.sealed)) for number, one in enumerate(letters)}
        files |= {f"{digest_of(piece)}{RECEIPT}": piece for piece in receipts}
        for name, data in files.items():
            (folder / name).write_bytes(data)
        return len(files) + self.files.write(folder, recipient)

    def read(self, folder: Path) -> tuple[int, int, int]:
        """Take what somebody carried here; (letters, receipts) that were read, files that are whole now.

        Taken again, nothing happens. Raises Missing, Invalid, TooLarge, Unauthenticated.
        """
        if not folder.is_dir():
            raise Missing(f"There is no folder {folder}.", do="Name the one that was carried here.")
        letters = [_letter(file) for file in _files(folder, LETTER)]
        receipts = [_bytes(file, limits.EVIDENCE_BYTES_MAX) for file in _files(folder, RECEIPT)]
        if not letters and not receipts and not _files(folder, SEALED):
            raise Missing(f"There is neither a letter nor a receipt in {folder}.", do=f"They end in {LETTER}.")
        size = limits.POST_LETTERS_PER_REQUEST_MAX
        for start in range(0, max(len(letters), len(receipts)), size):
            self.courier.take(letters[start : start + size], receipts[start : start + size])
        # Behind their letters, which say what they are.
        return len(letters), len(receipts), self.files.read(folder)


def _name(letter: InPost, number: int) -> str:
    """Names sort as the letters must be taken."""
    return f"{RANK[letter.route.priority]}-{number:06}-{letter.route.id}{LETTER}"


def _pieces(sealed: Sealed) -> Iterable[bytes]:
    return (sealed.route, sealed.box)


def _files(folder: Path, ending: str) -> list[Path]:
    """In the order in which they must be taken."""
    return sorted(file for file in folder.iterdir() if file.name.endswith(ending) and file.is_file())


def _letter(file: Path) -> Sealed:
    pieces = split(_bytes(file, _LETTER_BYTES_MAX), 2)
    if len(pieces) != 2:
        raise Invalid("This file holds no letter.", where=str(file), do="Have it exported again.")
    return Sealed(route=pieces[0], box=pieces[1])


def _bytes(file: Path, bytes_max: int) -> bytes:
    """Its size is looked at first: a stick may hold anything."""
    if file.stat().st_size > bytes_max:
        raise TooLarge(f"{file} has more than {bytes_max} bytes.", do="It is no letter, or was changed.")
    return file.read_bytes()
