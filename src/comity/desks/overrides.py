"""Overrides: one person proposes, another confirms, and the oversight body has a notice of each."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.circumstances import Harm
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, OverrideNotice, OverrideSeen
from comity.domain.override import FiledOverride, OverrideKind, OverrideTold, ReceivedNotice

ANSWER_FOR = frozenset({Role.SUPERVISOR})
ANSWER_FOR_AT_A_HUB = ANSWER_FOR | {Role.REVIEWER}  # it has no officers; what they lift is the organisation's own
OVERSEE = frozenset({Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})


class Overrides:
    def __init__(self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes], body: str) -> None:
        """`body` is the oversight body by the name of its node: a member, this node itself, or '' where none is set."""
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy
        self.body = body
        self._answer_for = ANSWER_FOR_AT_A_HUB if here.is_hub else ANSWER_FOR

    def propose(
        self, kind: OverrideKind, against: Harm, bureau: str, case: str, reason: str, until: date, caller: Caller
    ) -> FiledOverride:
        """For what that bureau asks in that case; nothing is told by it until a second person confirms."""
        require(caller, self._answer_for, "propose an override")
        now = self.clock()
        latest = now.date() + timedelta(days=limits.OVERRIDE_DAYS_MAX)
        if not now.date() <= until <= latest:
            raise Invalid(f"An override ends between today and {latest}.", where="until", do="Choose a day between.")
        for where, text, most in (
            ("reason", reason, limits.TEXT_CHARS_MAX),
            ("case", case, limits.CODE_CHARS_MAX),
            ("bureau", bureau, limits.CODE_CHARS_MAX),
        ):
            if not 0 < len(text.strip()) <= most:
                raise Invalid(f"A {where} is needed.", where=where, do="Write it out.")
        filed = FiledOverride(
            id=new_id(now, self.entropy(10)),
            kind=kind,
            against=against,
            bureau=bureau,
            case=case,
            reason=reason.strip(),
            until=until,
            proposed_by=caller.account,
            proposed_at=now,
        )
        with self.store.transaction() as tx:
            self._check_body(tx)
            tx.overrides.put(filed)
            self._note(tx, Act.OVERRIDE_PROPOSED, filed, caller)
            tx.commit()
        return filed

    def confirm(self, override_id: str, caller: Caller) -> FiledOverride:
        """The second person's word: it holds from now on, and the oversight body has a notice of it."""
        require(caller, self._answer_for, "confirm an override")
        with self.store.transaction() as tx:
            filed = _get(tx, override_id)
            if filed.confirmed_at is not None:
                raise Conflict(f"Override {override_id} is confirmed already.", do="See `comity override list`.")
            # Falls without it: tests/desks/test_overrides.py
            if caller.account == filed.proposed_by:
                raise NotPermitted(
                    "You proposed it yourself.", do="A second person must confirm, with their own token."
                )
            self._check_body(tx)
            now = self.clock()
            confirmed = msgspec.structs.replace(filed, confirmed_by=caller.account, confirmed_at=now)
            tx.overrides.put(confirmed)
            if self.body != self.here.node:
                tx.outbox.send(self.body, OverrideNotice(notice=_told(confirmed, now)), now)
            self._note(tx, Act.OVERRIDE_CONFIRMED, confirmed, caller)
            tx.commit()
        return confirmed

    def every(self, caller: Caller) -> list[FiledOverride]:
        require(caller, self._answer_for | OVERSEE, "see overrides")
        with self.store.reading() as tx:
            return tx.overrides.every()

    def notices(self, caller: Caller) -> list[FiledOverride]:
        """For the oversight body: what was confirmed and it has not seen yet."""
        return [one for one in self.every(caller) if one.confirmed_at is not None and one.seen_at is None]

    def received(self, caller: Caller) -> list[ReceivedNotice]:
        """As the oversight body of other members: what they told us, the oldest first."""
        require(caller, self._answer_for | OVERSEE, "see notices of overrides")
        with self.store.reading() as tx:
            return tx.overrides.notices()

    def see_received(self, override_id: str, caller: Caller) -> ReceivedNotice:
        """The oversight body has seen another member's notice, which is told so."""
        require(caller, OVERSEE, "acknowledge notices of overrides")
        with self.store.transaction() as tx:
            told = tx.overrides.notice(override_id)
            if told is None or told.seen_at is not None:
                raise Conflict(f"There is no open notice of {override_id}.", do="See `comity override received`.")
            now = self.clock()
            seen = msgspec.structs.replace(told, seen_by=caller.account, seen_at=now)
            tx.overrides.file(seen)
            tx.outbox.send(told.told_by, OverrideSeen(override=override_id), now)
            tx.journal.record(self._received(Act.OVERRIDE_SEEN, seen, caller.account))
            tx.commit()
        return seen

    def see(self, override_id: str, caller: Caller) -> FiledOverride:
        """The oversight body has seen the notice. Neither of the two who answer for it may say so."""
        require(caller, OVERSEE, "acknowledge notices of overrides")
        with self.store.transaction() as tx:
            filed = _get(tx, override_id)
            # Falls without it: tests/desks/test_overrides.py
            if self.body != self.here.node:
                raise Conflict(
                    f"The oversight body is {self.body}.", do="Its own people say there that they have seen it."
                )
            if filed.confirmed_at is None or filed.seen_at is not None:
                raise Conflict(f"There is no open notice of {override_id}.", do="See `comity override notices`.")
            if caller.account in (filed.proposed_by, filed.confirmed_by):
                raise NotPermitted("You answer for this override.", do="Somebody else must look at it.")
            seen = msgspec.structs.replace(filed, seen_by=caller.account, seen_at=self.clock())
            tx.overrides.put(seen)
            self._note(tx, Act.OVERRIDE_SEEN, seen, caller)
            tx.commit()
        return seen

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def noticed(self, tx: Transaction, letter: Letter, told: OverrideNotice) -> None:
        """A member whose oversight body we are: for our people to look at. It overrides nothing here."""
        if tx.overrides.notice(told.notice.id) is not None:
            return
        received = ReceivedNotice(told_by=letter.sender, notice=told.notice, received_at=self.clock())
        tx.overrides.file(received)
        tx.journal.record(self._received(Act.OVERRIDE_NOTICED, received, letter.sender))

    def seen_elsewhere(self, tx: Transaction, letter: Letter, told: OverrideSeen) -> None:
        """Our oversight body has seen a notice; nobody else's word counts."""
        filed, now = tx.overrides.get(told.override), self.clock()
        # Falls without it: tests/desks/test_overrides.py
        ours = filed is not None and letter.sender == self.body and filed.confirmed_at is not None
        if filed is not None and ours and filed.seen_at is None:
            tx.overrides.put(msgspec.structs.replace(filed, seen_by=letter.sender, seen_at=now))
        entry = Entry(
            act=Act.OVERRIDE_SEEN,
            at=now,
            actor=letter.sender,
            subject=told.override,
            outcome=filed.kind if filed is not None and ours else "not-applied",
        )
        tx.journal.record(entry)

    def _check_body(self, tx: Transaction) -> None:
        """Nothing is overridden where nobody would learn of it. Falls without it: tests/desks/test_overrides.py"""
        directory = tx.members.directory()
        if not self.body:
            raise Conflict(
                "No oversight body is set, and every override must be told to it.",
                where="oversight.body",
                do="Set it in comity.toml to the member that is told, or to this node if its own people oversee it.",
            )
        if self.body != self.here.node and (directory is None or directory.member(self.body) is None):
            raise Conflict(
                f"The oversight body {self.body} is no member.",
                where="oversight.body",
                do="Set it in comity.toml to one of `comity member list`.",
            )

    def _received(self, act: Act, told: ReceivedNotice, actor: str) -> Entry:
        notice = told.notice
        return Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=told.told_by,
            subject=notice.id,
            case=notice.case,
            outcome=notice.kind,
            details={"against": notice.against, "bureau": notice.bureau, "until": str(notice.until)},
        )

    def _note(self, tx: Transaction, act: Act, filed: FiledOverride, caller: Caller) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            for_whom=filed.bureau,
            subject=filed.id,
            case=filed.case,
            outcome=filed.kind,
            details={"against": filed.against, "reason": filed.reason, "until": str(filed.until)},
        )
        tx.journal.record(entry)


def _told(filed: FiledOverride, at: datetime) -> OverrideTold:
    return OverrideTold(
        id=filed.id,
        kind=filed.kind,
        against=filed.against,
        bureau=filed.bureau,
        case=filed.case,
        reason=filed.reason,
        until=filed.until,
        confirmed_at=at,
    )


def _get(tx: Transaction, override_id: str) -> FiledOverride:
    filed = tx.overrides.get(override_id)
    if filed is None:
        raise Missing(f"There is no override {override_id}.", do="See `comity override list`.")
    return filed
