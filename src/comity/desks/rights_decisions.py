"""The decision on a person's request: by two persons, carried out everywhere, told in words that give nothing away."""

from collections.abc import Callable, Sequence

import msgspec

from comity.desks.disclosures import Disclosures
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.passing import Passings
from comity.desks.precaution import Precaution
from comity.desks.records import Records, withdrawal_of
from comity.desks.rights_notes import DECIDE, SEE, another_person, note, pending, request_of, said
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid
from comity.domain.journal import Act
from comity.domain.record import Record, Subject, WithdrawalReason, check_entry
from comity.domain.rights import (
    BlockState,
    Consultation,
    RightsDecision,
    RightsGround,
    RightsKind,
    RightsPublication,
    RightsRequest,
    RightsState,
)
from comity.law.release import header_of
from comity.law.rights import disclosed, names_the_person, openly, reply, told

BY_DECISION = "By a decision on a request of the person."


class RightsDecisions:
    def __init__(
        self,
        here: Here,
        store: Store,
        records: Records,
        precaution: Precaution,
        passings: Passings,
        disclosures: Disclosures,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.records = records
        self.precaution = precaution
        self.passings = passings
        self.disclosures = disclosures
        self.clock = clock
        self.entropy = entropy

    def propose(
        self,
        request_id: str,
        granted: Sequence[str],
        ground: RightsGround | None,
        reason: str,
        caller: Caller,
        corrected: Subject | None = None,
    ) -> RightsRequest:
        """The first person: of which records it is granted, and on what ground not of the others."""
        require(caller, DECIDE, "decide on requests of persons")
        why = said(reason, "reason")
        with self.store.transaction() as tx:
            request = pending(tx, request_id)
            consulted = tx.rights.consulted(request_id)
            decision = RightsDecision(
                granted=tuple(sorted(set(granted))),
                ground=ground,
                reason=why,
                corrected=corrected,
                proposed_by=caller.account,
                proposed_at=self.clock(),
            )
            self._check(tx, request, decision, consulted)
            proposed = msgspec.structs.replace(request, state=RightsState.PROPOSED, decision=decision)
            tx.rights.put(proposed)
            note(tx, Act.RIGHTS_DECIDED, self.clock(), caller, proposed, proposed.state, granted=len(decision.granted))
            tx.commit()
        return proposed

    def confirm(self, request_id: str, caller: Caller) -> RightsRequest:
        """The second person's word: it is carried out here, told to every holder, and the reply may leave."""
        require(caller, DECIDE, "decide on requests of persons")
        with self.store.transaction() as tx:
            request, now = pending(tx, request_id), self.clock()
            proposed = request.decision
            if request.state is not RightsState.PROPOSED or proposed is None:
                raise Conflict("No decision is proposed.", do="Propose one first: comity rights propose.")
            another_person(proposed.proposed_by, caller)
            consulted = tx.rights.consulted(request_id)
            # A reply that leaves as soon as nothing is found says that nothing was found.
            # Falls without it: tests/desks/test_rights.py
            if now < request.reply_from or any(one.open for one in consulted):
                raise Conflict(
                    f"No reply leaves before {request.reply_from:%Y-%m-%d}, whatever is held, or while one is asked.",
                    do="Wait: an earlier day would tell the person that nothing was found.",
                )
            decision = msgspec.structs.replace(proposed, confirmed_by=caller.account, confirmed_at=now)
            for one in consulted:
                self._carry_out(tx, request, decision, one, caller)
            lines = told(request, decision, consulted)
            decided = msgspec.structs.replace(
                request,
                state=RightsState.DECIDED,
                decision=decision,
                openly=bool(lines),
                reply=reply(request, self.here.node, now.date(), lines, self._seen(tx, request, consulted)),
            )
            tx.rights.put(decided)
            note(tx, Act.RIGHTS_DECIDED, now, caller, decided, decided.state, records=decision.granted, told=len(lines))
            tx.commit()
        return decided

    def publish(self, request_id: str, excerpt: str, caller: Caller) -> RightsPublication:
        """For everyone to read, once: kind, quarter, whether in time, a text. Nothing that tells who it is about."""
        require(caller, DECIDE, "publish decisions on requests of persons")
        text = said(excerpt, "excerpt")
        with self.store.transaction() as tx:
            request = request_of(tx, request_id)
            decision = request.decision
            if request.state is not RightsState.DECIDED or decision is None or decision.confirmed_at is None:
                raise Conflict(f"Request {request_id} is {request.state}, not decided.", do="Decide it first.")
            if request.publication is not None:
                raise Conflict(f"It is published as {request.publication.number}.", do="See `comity rights published`.")
            self._check_anonymous(tx, request, text)
            at = decision.confirmed_at
            published = RightsPublication(
                number=f"R-{self.entropy(5).hex()}",
                kind=request.kind,
                quarter=f"{at.year}-Q{(at.month + 2) // 3}",
                in_time=at < request.deadline(),
                # Whoever was told neither yes nor no must not read it here.
                # Falls without it: tests/desks/test_rights.py
                outcome=_outcome(request, decision) if request.openly else "",
                ground=decision.ground if request.openly else None,
                excerpt=text,
            )
            tx.rights.put(msgspec.structs.replace(request, publication=published))
            note(tx, Act.RIGHTS_PUBLISHED, self.clock(), caller, request, published.number)
            tx.commit()
        return published

    def published(self, caller: Caller) -> list[RightsPublication]:
        """All of them, by number: their order tells nothing either."""
        require(caller, SEE, "export what was published")
        with self.store.reading() as tx:
            every = [one.publication for one in tx.rights.every() if one.publication is not None]
        return sorted(every, key=lambda one: one.number)

    # -- steps --------------------------------------------------------------------------------------------------------

    def _seen(self, tx: Transaction, request: RightsRequest, consulted: Sequence[Consultation]) -> list[str]:
        """To whom was told, before, what the person may now be told: of our own records, as far as the law lets it."""
        if request.kind is not RightsKind.ACCESS:
            return []
        # Of a restricted record even this would tell that it is held. Falls without it: tests/desks/test_rights.py
        owned = (tx.records.owned(one.record) for one in openly(consulted))
        headers = [one.header for one in owned if one is not None]
        self.disclosures.oversight.caught_up(tx)
        return disclosed(self.disclosures.of_records(tx, headers))

    def _check(
        self, tx: Transaction, request: RightsRequest, decision: RightsDecision, consulted: Sequence[Consultation]
    ) -> None:
        records = {one.record for one in consulted}
        if unknown := set(decision.granted) - records:
            raise Invalid(
                f"The request does not concern {', '.join(sorted(unknown))}.", where="grant", do="See it first."
            )
        if request.kind is RightsKind.ACCESS:
            if decision.granted or decision.ground or decision.corrected:
                raise Invalid("Access is given as its sources say.", where="grant", do="Leave out what is granted.")
            return
        if bool(records - set(decision.granted)) != (decision.ground is not None):
            raise Invalid(
                "What is not granted has a ground, and nothing else.", where="ground", do="Give one, or none."
            )
        is_correction = request.kind is RightsKind.CORRECTION and bool(decision.granted)
        if is_correction != (decision.corrected is not None) or (is_correction and len(decision.granted) > 1):
            raise Invalid(
                "A correction names one record and how it is to read, and nothing else does.",
                where="corrected",
                do="Give both, or neither.",
            )
        if is_correction and not self._is_ours(tx, decision.granted[0]):
            raise Conflict(
                "Only its source corrects a record.", do="It amends it, and shares it anew; or delete your copy."
            )

    def _is_ours(self, tx: Transaction, record: str) -> bool:
        header = tx.records.apart(record)
        return tx.records.owned(record) is not None or (header is not None and header.source == self.here.node)

    def _carry_out(
        self, tx: Transaction, request: RightsRequest, decision: RightsDecision, one: Consultation, caller: Caller
    ) -> None:
        """What is granted is done to the record and to every copy of it; a block ends with the decision."""
        granted = one.record in decision.granted
        if granted and request.kind is RightsKind.DELETION:
            self._delete(tx, one, caller)
            return
        if one.block is BlockState.BLOCKED:
            one = self.precaution.lift(tx, one, caller, BY_DECISION)
        if granted and decision.corrected is not None:
            self._correct(tx, one, decision.corrected, caller)

    def _delete(self, tx: Transaction, one: Consultation, caller: Caller) -> None:
        held, apart = tx.records.get(one.record, self.clock().date()), tx.records.apart(one.record)
        header = header_of(held) if held is not None else apart
        shares = one.shares
        if header is not None and self._is_ours(tx, one.record):
            _, told_hub = self.records.gone(tx, header, WithdrawalReason.COURT_OR_COMMISSION, caller)
            shares = (*shares, *told_hub)
        elif header is not None:
            tx.records.withdraw(withdrawal_of(header, WithdrawalReason.COURT_OR_COMMISSION, self.clock()))
        # What officers here, and whoever had it from us, still hold of it. Falls without it: tests/desks/test_rights.py
        self.records.hits.withdrawn(tx, one.record, caller.account)
        for passing in tx.passings.every(limits.RIGHTS_SEARCHED_MAX):
            if passing.record == one.record and passing.recipient == self.here.node:
                self.passings.erase(tx, passing, BY_DECISION, caller.account)
        block = BlockState.RELEASED if one.block is BlockState.BLOCKED else one.block
        tx.rights.file(msgspec.structs.replace(one, shares=shares, block=block))

    def _correct(self, tx: Transaction, one: Consultation, subject: Subject, caller: Caller) -> None:
        """Whoever was told of it before has what was wrong: they hear that their hit does not stand."""
        before = tx.records.owned(one.record)
        if before is None:
            raise Conflict("The record does not stand any more.", do="Propose another decision.")
        header = msgspec.structs.replace(before.header, version=0, amended_at=self.clock())
        corrected = Record(header=header, subject=subject)
        check_entry(corrected, self.here.country, source_is_member=not self.here.is_hub)
        tx.records.put([corrected])
        after = tx.records.owned(one.record)
        assert after is not None  # just put
        self.records.hits.withdrawn(tx, one.record, caller.account)
        shares = self.records.sharing.share(tx, after.header.collection, [after])
        tx.rights.file(msgspec.structs.replace(one, shares=(*one.shares, *shares)))

    def _check_anonymous(self, tx: Transaction, request: RightsRequest, text: str) -> None:
        consulted = tx.rights.consulted(request.id)
        also = [request.id, *(name for one in consulted for name in (one.record, one.id, one.owner))]
        assert request.person is not None  # until it is emptied
        # Falls without it: tests/desks/test_rights.py
        if telling := names_the_person(text, request.person, also):
            raise Invalid(
                f"The excerpt tells who it is about: {', '.join(telling)}.", where="excerpt", do="Take it out."
            )


def _outcome(request: RightsRequest, decision: RightsDecision) -> str:
    if request.kind is RightsKind.ACCESS:
        return "told"
    return "granted" if decision.ground is None else "granted in part" if decision.granted else "refused"
