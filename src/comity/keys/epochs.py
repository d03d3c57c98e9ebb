"""The keys by which this node opens what was sealed to it: one for each seven days, destroyed two weeks after."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.domain.keys import EpochKey, epoch_number
from comity.keys.erasing import destroy, write_secrets
from comity.keys.files import secret_file
from comity.keys.wrapping import Wrapping
from comity.wire.age import Identity
from comity.wire.canonical import b64u

EPOCHS_FOLDER = "epochs"
_GRACE = timedelta(days=limits.EPOCH_GRACE_DAYS)


class EpochKeys:
    """Seeds in files of their own, `NUMBER.KEYID.json`, each wrapped."""

    def __init__(self, folder: Path, wrapping: Wrapping) -> None:
        self.folder = folder / EPOCHS_FOLDER
        self.wrapping = wrapping
        self._opened: dict[Path, Identity] = {}

    def identities(self, now: datetime) -> list[Identity]:
        """Those that may open what arrives now, the likeliest first: this epoch's, those just over, those to come.

        A key is used for 14 days after its epoch, for what was long on its way.
        """
        current = epoch_number(now)
        files = [(number, file) for number, file in self._files() if not _is_over(number, now)]
        files.sort(key=lambda one: (one[0] > current, abs(one[0] - current)))
        return [self._identity(file) for _, file in files]

    def keys(self, numbers: Iterable[int], revoked: Collection[str] = ()) -> tuple[EpochKey, ...]:
        """The public keys of these epochs, made where there are none; none of those that are revoked."""
        found = {number: self._usable(number, revoked) for number in numbers}
        new = {number: Identity.generate() for number, held in found.items() if held is None}
        files = {self._file(number, identity): identity for number, identity in new.items()}
        write_secrets({file: self.wrapping.wrap(one.seed, _about(file)) for file, one in files.items()})
        return tuple(_public(number, held or new[number]) for number, held in found.items())

    def destroy_due(self, now: datetime) -> list[int]:
        """Destroy what nothing may be opened with any more; of which epochs. Older letters stay shut for ever."""
        due = [(number, file) for number, file in self._files() if _is_over(number, now)]
        for _, file in due:
            destroy(file)
            self._opened.pop(file, None)
        return sorted({number for number, _ in due})

    def _usable(self, number: int, revoked: Collection[str]) -> Identity | None:
        held = (self._identity(file) for n, file in self._files() if n == number)
        return next((one for one in held if one.recipient.key_id not in revoked), None)

    def _file(self, number: int, identity: Identity) -> Path:
        return self.folder / f"{number}.{identity.recipient.key_id}.json"

    def _identity(self, file: Path) -> Identity:
        if file not in self._opened:
            identity = Identity(self.wrapping.unwrap(secret_file(file), _about(file)))
            if file.name.split(".")[1] != identity.recipient.key_id:
                raise Invalid(f"{file} holds another key than its name says.", do="Restore it from the backup.")
            self._opened[file] = identity
        return self._opened[file]

    def _files(self) -> list[tuple[int, Path]]:
        if not self.folder.exists():
            return []
        return sorted((int(file.name.split(".")[0]), file) for file in self.folder.glob("[0-9]*.*.json"))


def _public(number: int, identity: Identity) -> EpochKey:
    return EpochKey(number=number, xwing=b64u(identity.recipient.public))


def _is_over(number: int, now: datetime) -> bool:
    """Whether the epoch ended more than its grace ago."""
    return now >= EpochKey(number=number, xwing="").ends_at + _GRACE


def _about(file: Path) -> str:
    return f"seed of epoch {file.name.removesuffix('.json')}"
