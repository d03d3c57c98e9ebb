"""Cases of a bureau and what its officers write to other bureaus, one method for each request."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from comity.client.address import id_in_path
from comity.client.line import Line
from comity.client.reading import read
from comity.domain.case import Case, Item, ItemKind, NewCase, Reference, WholeCase
from comity.domain.disclosed import Waiting
from comity.domain.errors import Invalid
from comity.domain.event import Event
from comity.domain.mail import Draft, Mail, Translation
from comity.domain.marking import Marking
from comity.domain.operation import Deed, Operation, WholeOperation

T = TypeVar("T")
DATA = b"data: "


class _Cases(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cases: tuple[Case, ...]


class _Mail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    mail: tuple[Mail, ...]


class _Unproved(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    letters: tuple[Waiting, ...]


class _Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    words: dict[str, list[str]]


class _Translations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    translations: tuple[Translation, ...]


class _Operations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    operations: tuple[Operation, ...]


def _in(language: str, told: _Words) -> Sequence[str]:
    if language not in told.words:
        raise Invalid(f"There are no words in {language!r}.", do=f"Use one of {', '.join(told.words)}.")
    return told.words[language]


class Casework:
    """Reached as `Comity.casework`. Raises the refusals of `comity.domain.errors`, as all of the SDK does.

    case = bureau.casework.open_case(NewCase(number="AL-7", ...))
    draft = bureau.casework.write(case.id, Draft(to=("bergenia",), subject="...", text="...", asks=True))
    sent = bureau.casework.send(draft.id)
    """

    def __init__(self, line: Line, on_behalf_of: str) -> None:
        self._line = line
        self._on_behalf_of = on_behalf_of

    # -- cases --------------------------------------------------------------------------------------------------------

    def cases(self) -> Sequence[Case]:
        """Your own: open ones first, then the newest."""
        return self._get("/v1/cases", _Cases).cases

    def open_case(self, about: NewCase) -> Case:
        """You are the first in it."""
        return self._post("/v1/cases", Case, about)

    def case(self, case_id: str) -> WholeCase:
        """With all that lies in it; this is written down."""
        return self._get(f"/v1/cases/{id_in_path(case_id)}", WholeCase)

    def admit(self, case_id: str, login: str) -> Case:
        """Let a colleague in."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/admit", Case, {"login": login})

    def dismiss(self, case_id: str, login: str) -> Case:
        """Let somebody out."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/dismiss", Case, {"login": login})

    def refer(self, case_id: str, bureau: str, number: str) -> Case:
        """Under which number another bureau knows the matter."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/refer", Case, Reference(bureau=bureau, number=number))

    def attach(self, case_id: str, kind: ItemKind | str, item: str, marking: Marking | None = None) -> Item:
        """An own record, or a hit; your marking can only narrow its owner's."""
        body = {"kind": kind, "item": item, "marking": marking or Marking()}
        return self._post(f"/v1/cases/{id_in_path(case_id)}/attach", Item, body)

    def close_case(self, case_id: str, because: str) -> Case:
        """Nothing is sent from it any more."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/close", Case, {"because": because})

    def reopen_case(self, case_id: str) -> Case:
        return self._post(f"/v1/cases/{id_in_path(case_id)}/reopen", Case)

    # -- messages -----------------------------------------------------------------------------------------------------

    def mail(self) -> Sequence[Mail]:
        """Those whose clock runs first, then the newest."""
        return self._get("/v1/mail", _Mail).mail

    def unproved(self) -> Sequence[Waiting]:
        """What came and is held until its sender has proved that its log holds the disclosure."""
        return self._get("/v1/unproved", _Unproved).letters

    def write(self, case_id: str, draft: Draft) -> Mail:
        """A draft; nothing leaves before it is sent."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/mail", Mail, {"draft": draft})

    def message(self, mail_id: str) -> Mail:
        """One message; its sender learns that it was opened."""
        return self._get(f"/v1/mail/{id_in_path(mail_id)}", Mail)

    def thread(self, mail_id: str) -> Sequence[Mail]:
        """The exchange that it belongs to, oldest first."""
        return self._get(f"/v1/mail/{id_in_path(mail_id)}/thread", _Mail).mail

    def amend(self, mail_id: str, draft: Draft) -> Mail:
        """Write a draft anew."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/amend", Mail, {"draft": draft})

    def discard(self, mail_id: str) -> Mail:
        """Throw a draft away."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/discard", Mail)

    def reply(self, mail_id: str, draft: Draft) -> Mail:
        """A draft that answers a message."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/reply", Mail, {"draft": draft})

    def send(self, mail_id: str) -> Mail:
        """To all recipients or to none: NotPermitted names the clause."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/send", Mail)

    def again(self, mail_id: str, bureau: str) -> Mail:
        """Once more to a bureau that lost it, as it was."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/again", Mail, {"bureau": bureau})

    def recall(self, mail_id: str, reason: str, bureau: str = "") -> Mail:
        """Take a message back from that bureau, or from all."""
        stated = {"reason": reason, "bureau": bureau}
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/recall", Mail, stated)

    def file(self, mail_id: str, case_id: str) -> Mail:
        """A message that came, into a case."""
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/file", Mail, {"case": case_id})

    def words(self, mail_id: str, language: str) -> Sequence[str]:
        """What of a message is in codes, in one of `ar`, `en`, `fr`, `es`."""
        return _in(language, self._get(f"/v1/mail/{id_in_path(mail_id)}/words", _Words))

    def hit_words(self, hit_id: str, language: str) -> Sequence[str]:
        """How a hit stands, likewise."""
        return _in(language, self._get(f"/v1/hits/{id_in_path(hit_id)}/words", _Words))

    def translations(self, mail_id: str) -> Sequence[Translation]:
        """Oldest first, each with who answers for it."""
        return self._get(f"/v1/mail/{id_in_path(mail_id)}/translations", _Translations).translations

    def translate(self, mail_id: str, language: str, text: str, *, by_machine: bool = False) -> Translation:
        """The text in another language, beside the original; whoever has the message too gets it."""
        body = {"language": language, "text": text, "by_machine": by_machine}
        return self._post(f"/v1/mail/{id_in_path(mail_id)}/translations", Translation, body)

    # -- joint operations ---------------------------------------------------------------------------------------------

    def operations(self) -> Sequence[Operation]:
        """Newest first."""
        return self._get("/v1/operations", _Operations).operations

    def found_operation(self, case_id: str, name: str) -> WholeOperation:
        """From a case, as its lead."""
        return self._post(f"/v1/cases/{id_in_path(case_id)}/operations", WholeOperation, {"name": name})

    def operation(self, operation_id: str) -> WholeOperation:
        """With its tasks and log."""
        return self._get(f"/v1/operations/{id_in_path(operation_id)}", WholeOperation)

    def write_to_log(
        self, operation_id: str, deed: Deed, marking: Marking | None = None, shares_from: int = 0
    ) -> WholeOperation:
        """With `Joined`: from which number on the newcomer gets what was there before; 0: nothing of it."""
        body = {"deed": deed, "marking": marking or Marking(), "shares_from": shares_from}
        return self._post(f"/v1/operations/{id_in_path(operation_id)}/log", WholeOperation, body)

    def file_operation(self, operation_id: str, case_id: str) -> WholeOperation:
        """One that others invited you to, into a case."""
        return self._post(f"/v1/operations/{id_in_path(operation_id)}/file", WholeOperation, {"case": case_id})

    # -- what arrives -------------------------------------------------------------------------------------------------

    def events(self, after: int | None = None) -> Iterator[Event]:
        """What arrives, as it comes; after the event of that number, or from now on. Ends as the node ends it.

        Raises Unavailable where the line breaks: ask again, after the last one that you have.
        """
        last = "" if after is None else str(after)
        for line in self._line.stream("/v1/events", self._on_behalf_of, last):
            if line.startswith(DATA):
                yield read(line.removeprefix(DATA), Event)

    def _get(self, path: str, kind: type[T]) -> T:
        return read(self._line.send("GET", path, self._on_behalf_of), kind)

    def _post(self, path: str, kind: type[T], body: Struct | dict[str, Any] | None = None) -> T:
        stated = None if body is None else msgspec.to_builtins(body)
        return read(self._line.send("POST", path, self._on_behalf_of, stated), kind)
