"""Consent to use a record further: asked of its owner by letter, given or refused by letter, bound to its terms."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.taking_back import take_back
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.circumstances import Consent, Use
from comity.domain.consent import ConsentCase, ConsentState, Terms
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.hit import Hit, Side
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import ConsentAnswer, ConsentRequest, Letter
from comity.domain.purpose import Purpose
from comity.law.consent import in_force

DECIDE = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR})
SEE = DECIDE | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
GONE = "The owner has taken its consent back."
NOT_TOLD = "No record of ours under that id was told to you."


class Consents:
    def __init__(self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy

    # -- for people ---------------------------------------------------------------------------------------------------

    def request(
        self, hit_id: str, use: Use, purpose: Purpose, recipient: str, reason: str, caller: Caller
    ) -> ConsentCase:
        """Ask the owner of a record that was found here whether it may be used so."""
        require(caller, DECIDE, "ask for consent")
        with self.store.transaction() as tx:
            hit, now = _asked_here(tx, hit_id, self.here.node), self.clock()
            if bool(recipient) != (use is Use.ONWARD):
                raise Invalid(
                    "Who gets it is named where it is passed on, and nowhere else.",
                    where="recipient",
                    do="Name a two-letter country or an organisation with `onward`.",
                )
            case = ConsentCase(
                id=new_id(now, self.entropy(10)),
                owner=hit.owner,
                asker=self.here.node,
                terms=Terms(record=hit.record, use=use, purpose=purpose, recipient=recipient),
                reason=_said(reason),
                requested_at=now,
            )
            tx.consents.put(case)
            tx.outbox.send(hit.owner, ConsentRequest(consent=case.id, terms=case.terms, reason=case.reason), now)
            self._note(tx, Act.CONSENT_REQUESTED, case, caller.account, case.owner)
            tx.commit()
        return case

    def give(self, consent_id: str, until: date, note: str, caller: Caller) -> ConsentCase:
        """Let it be used on exactly these terms, until that day."""
        latest = self.clock().date() + timedelta(days=limits.CONSENT_DAYS_MAX)
        if not self.clock().date() <= until <= latest:
            raise Invalid(f"A consent ends between today and {latest}.", where="until", do="Choose a day between.")
        return self._answer(consent_id, ConsentState.GIVEN, until, note, caller)

    def refuse(self, consent_id: str, note: str, caller: Caller) -> ConsentCase:
        """Do not let it be used so; one that was given is taken back."""
        return self._answer(consent_id, ConsentState.REFUSED, None, note, caller)

    def every(self, caller: Caller) -> list[ConsentCase]:
        """Asked for here and of us, the oldest first."""
        require(caller, SEE, "see consents")
        with self.store.reading() as tx:
            return tx.consents.every()

    def in_force(self, tx: Transaction, record: str) -> tuple[Consent, ...]:
        """What the law may look at when one of us wants to use that record further today."""
        directory = tx.members.directory()
        mine = [one for one in tx.consents.of_record(record) if one.asker == self.here.node]
        owners = [(one, directory.member(one.owner) if directory else None) for one in mine]
        parties = [(one, owner.manifest.country or owner.id) for one, owner in owners if owner is not None]
        return in_force(parties, self.clock().date())

    # -- by letter, inside the transaction that receives it -----------------------------------------------------------

    def requested(self, tx: Transaction, letter: Letter, asked: ConsentRequest) -> None:
        """Somebody wants to use one of our records further: for our people to decide, if they were told of it."""
        now = self.clock()
        if tx.consents.get(asked.consent) is not None:
            self._not_applied(tx, letter, asked.consent, "a consent of that id stands here")
            return
        case = ConsentCase(
            id=asked.consent,
            owner=self.here.node,
            asker=letter.sender,
            terms=asked.terms,
            reason=asked.reason,
            requested_at=now,
        )
        # Whoever asks about any id must not learn which of them stand here.
        # Falls without it: tests/desks/test_consents.py
        told = [one for one in tx.hits.of_record(asked.terms.record) if one.asker == letter.sender]
        if not told or tx.records.owned(asked.terms.record) is None:
            self._not_applied(tx, letter, asked.consent, NOT_TOLD)
            tx.outbox.send(letter.sender, _answer_to(case, False, None, NOT_TOLD), now)
            return
        tx.consents.put(case)
        self._note(tx, Act.CONSENT_REQUESTED, case, letter.sender, self.here.node)

    def answered(self, tx: Transaction, letter: Letter, told: ConsentAnswer) -> None:
        """The owner's word; nobody else's counts, and for no other terms than were asked for."""
        case = tx.consents.get(told.consent)
        # Falls without each: tests/desks/test_consents.py
        if case is None or case.asker != self.here.node or case.owner != letter.sender:
            self._not_applied(tx, letter, told.consent, "only the owner's word counts")
            return
        if told.terms != case.terms or (told.given and told.until is None):
            self._not_applied(tx, letter, told.consent, "it is for other terms than were asked for")
            return
        if told.given and case.state is ConsentState.REFUSED:  # a yes that waited for review, and was taken back since
            self._not_applied(tx, letter, told.consent, "it was refused or taken back since")
            return
        state = ConsentState.GIVEN if told.given else ConsentState.REFUSED
        answered = msgspec.structs.replace(
            case, state=state, until=told.until if told.given else None, note=told.note, answered_at=self.clock()
        )
        tx.consents.put(answered)
        act = Act.CONSENT_GIVEN if told.given else Act.CONSENT_REFUSED
        self._note(tx, act, answered, letter.sender, self.here.node)
        if not told.given:
            # Falls without it: tests/desks/test_passing.py
            passed = tx.passings.of_consent(case.id)
            take_back(tx, passed, self.here.node, told.note or GONE, letter.sender, self.clock())

    def _answer(
        self, consent_id: str, state: ConsentState, until: date | None, note: str, caller: Caller
    ) -> ConsentCase:
        require(caller, DECIDE, "answer for the owner")
        if len(note) > limits.TEXT_CHARS_MAX:
            raise Invalid("The note is too long.", where="note", do="Say it in fewer words.")
        given = state is ConsentState.GIVEN
        with self.store.transaction() as tx:
            case, now = tx.consents.get(consent_id), self.clock()
            if case is None or case.owner != self.here.node:
                raise Missing(f"No consent {consent_id} was asked of us.", do="See `comity consent list`.")
            if case.state is ConsentState.REFUSED or (given and case.state is ConsentState.GIVEN):
                raise Conflict(f"Consent {consent_id} is {case.state}.", do="They may ask again.")
            answered = msgspec.structs.replace(case, state=state, until=until, note=note, answered_at=now)
            tx.consents.put(answered)
            tx.outbox.send(case.asker, _answer_to(answered, given, until, note), now)
            act = Act.CONSENT_GIVEN if given else Act.CONSENT_REFUSED
            self._note(tx, act, answered, caller.account, case.asker)
            tx.commit()
        return answered

    def _note(self, tx: Transaction, act: Act, case: ConsentCase, actor: str, for_whom: str) -> None:
        terms = case.terms
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=for_whom,
            subject=case.id,
            purpose=terms.purpose,
            records=(terms.record,),
            details={"use": terms.use, "recipient": terms.recipient, "until": str(case.until or "")},
        )
        tx.journal.record(entry)

    def _not_applied(self, tx: Transaction, letter: Letter, consent_id: str, why: str) -> None:
        entry = Entry(
            act=Act.CONSENT_REFUSED,
            at=self.clock(),
            actor=letter.sender,
            subject=consent_id,
            outcome="not-applied",
            details={"why": why},
        )
        tx.journal.record(entry)


def _asked_here(tx: Transaction, hit_id: str, node: str) -> Hit:
    hit = tx.hits.get(hit_id)
    if hit is None or hit.side is not Side.ASKER:
        raise Missing(f"No hit {hit_id} was found by asking from here.", do="See `comity hits list`.")
    if hit.owner == node:
        raise Conflict(f"Hit {hit_id} is on a record of your own bureau.", do="No consent is needed.")
    if not hit.record:
        raise Conflict(f"Hit {hit_id} names no record.", do=f"Ask {hit.owner} by the contact given with the hit.")
    return hit


def _answer_to(case: ConsentCase, given: bool, until: date | None, note: str) -> ConsentAnswer:
    return ConsentAnswer(consent=case.id, terms=case.terms, given=given, until=until, note=note)


def _said(reason: str) -> str:
    if not 0 < len(reason.strip()) <= limits.TEXT_CHARS_MAX:
        raise Invalid("A reason is needed.", where="reason", do="Say why; the owner reads it.")
    return reason.strip()
