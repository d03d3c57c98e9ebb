"""A person asks what is held of them, or to correct or delete it: from receipt to what it concerns, with its clocks."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

import msgspec

from comity.desks.consultations import Consultations
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.propagation import propagated
from comity.desks.rights_notes import DECIDE, SEE, note, pending, request_of
from comity.desks.search import Compare, persons_held
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.clocks import left, ran_out
from comity.domain.dates import months_later
from comity.domain.errors import Conflict, Invalid
from comity.domain.hit import Side
from comity.domain.ids import new_id
from comity.domain.journal import Act
from comity.domain.lookup import DocumentQuery, PersonQuery, Query
from comity.domain.purpose import Purpose
from comity.domain.rights import (
    Concerned,
    Consultation,
    ExtensionReason,
    IdentityProof,
    Inadmissible,
    RightsKind,
    RightsRequest,
    RightsState,
    WholeRequest,
)
from comity.law.rights import likeness, likeness_found
from comity.matching.numbered import number_keys_asked


class Rights:
    def __init__(
        self,
        here: Here,
        store: Store,
        consultations: Consultations,
        compare: Compare,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.consultations = consultations
        self.compare = compare
        self.clock = clock
        self.entropy = entropy

    # -- until it is admitted -----------------------------------------------------------------------------------------

    def receive(
        self, kind: RightsKind, person: PersonQuery, text: str, by_attorney: bool, caller: Caller
    ) -> RightsRequest:
        """What came in; nothing is looked for, and no clock runs, until it is admitted."""
        require(caller, DECIDE, "receive requests of persons about themselves")
        if len(text) > limits.TEXT_CHARS_MAX:
            raise Invalid(f"At most {limits.TEXT_CHARS_MAX} characters.", where="said", do="Sum it up.")
        now = self.clock()
        request = RightsRequest(
            id=new_id(now, self.entropy(10)),
            kind=kind,
            person=person,
            said=text.strip(),
            by_attorney=by_attorney,
            received_at=now,
            received_by=caller.account,
        )
        with self.store.transaction() as tx:
            tx.rights.put(request)
            note(tx, Act.RIGHTS_RECEIVED, now, caller, request, request.state)
            tx.commit()
        return request

    def admit(self, request_id: str, identity: IdentityProof, attorney_proved: bool, caller: Caller) -> RightsRequest:
        """The person is who they say: the clock runs from now on."""
        require(caller, DECIDE, "admit requests of persons about themselves")
        with self.store.transaction() as tx:
            request, now = self._received(tx, request_id), self.clock()
            # Somebody else could learn what is held of a person. Falls without each: tests/desks/test_rights.py
            if request.by_attorney and not attorney_proved:
                raise Conflict("The power of attorney was not seen.", do=f"See it, or {self._turn_away(request_id)}")
            if request.kind is not RightsKind.ACCESS and not request.said:
                raise Conflict("It does not say what is to be changed.", do=f"Ask, or {self._turn_away(request_id)}")
            admitted = msgspec.structs.replace(
                request, state=RightsState.ADMITTED, identity=identity, admitted_at=now, admitted_by=caller.account
            )
            admitted = msgspec.structs.replace(admitted, due_at=admitted.deadline())
            tx.rights.put(admitted)
            note(tx, Act.RIGHTS_ADMITTED, now, caller, admitted, admitted.state, identity=identity.value)
            tx.commit()
        return admitted

    def turn_away(self, request_id: str, why: Inadmissible, caller: Caller) -> RightsRequest:
        """It is not examined, for a reason of the closed list; whoever asked is told which."""
        require(caller, DECIDE, "turn requests of persons away")
        with self.store.transaction() as tx:
            request = self._received(tx, request_id)
            turned = msgspec.structs.replace(request, state=RightsState.NOT_ADMITTED, not_admitted=why)
            tx.rights.put(turned)
            note(tx, Act.RIGHTS_ADMITTED, self.clock(), caller, turned, turned.state, why=why.value)
            tx.commit()
        return turned

    # -- what it concerns ---------------------------------------------------------------------------------------------

    def search(self, request_id: str, caller: Caller) -> list[Concerned]:
        """What is held here and may be about the person, the most likely first; this is written down."""
        require(caller, DECIDE, "search for what is held of a person")
        with self.store.transaction() as tx:
            request = pending(tx, request_id)
            assert request.person is not None  # until it is emptied
            found = {one.record: one for one in self._held(tx, request.person, self.clock().date())}
            note(tx, Act.RIGHTS_SEARCHED, self.clock(), caller, request, found=len(found))
            tx.commit()
        return sorted(found.values(), key=lambda one: (-one.probability, one.record))

    def concern(self, request_id: str, record: str, caller: Caller) -> Consultation:
        """That record is about the person: its source is asked, with a deadline."""
        require(caller, DECIDE, "say what a request concerns")
        with self.store.transaction() as tx:
            request = pending(tx, request_id)
            if request.state is not RightsState.ADMITTED:
                raise Conflict("A decision is proposed already.", do="Have it decided, or propose another.")
            consultation = self.consultations.consult(tx, request, record, caller)
            tx.commit()
        return consultation

    def extend(self, request_id: str, why: ExtensionReason, caller: Caller) -> RightsRequest:
        """Once, before the time is over, for a reason of the closed list."""
        require(caller, DECIDE, "extend the time of a request")
        with self.store.transaction() as tx:
            request, now = pending(tx, request_id), self.clock()
            # Falls without it: tests/desks/test_rights.py
            if request.extended is not None or now >= request.deadline():
                raise Conflict(
                    "Its time was extended already, or is over.", do="Decide it; it is late from its deadline on."
                )
            longer = msgspec.structs.replace(request, extended=why)
            longer = msgspec.structs.replace(longer, due_at=longer.deadline())
            tx.rights.put(longer)
            note(tx, Act.RIGHTS_EXTENDED, now, caller, longer, why.value, until=f"{longer.deadline():%Y-%m-%d}")
            tx.commit()
        return longer

    def every(self, caller: Caller) -> list[WholeRequest]:
        """With their clocks, the oldest first; without what was consulted."""
        require(caller, SEE, "see requests of persons about themselves")
        with self.store.reading() as tx:
            return [self._whole(one) for one in tx.rights.every()]

    def show(self, request_id: str, caller: Caller) -> WholeRequest:
        """With what its sources said and where its consequences have come to; this is written down."""
        require(caller, SEE, "see requests of persons about themselves")
        with self.store.transaction() as tx:
            request = request_of(tx, request_id)
            consulted = tx.rights.consulted(request_id)
            whole = msgspec.structs.replace(
                self._whole(request),
                consultations=tuple(consulted),
                propagated=tuple(propagated(tx, consulted, self.here.node)),
            )
            note(tx, Act.RIGHTS_SHOWN, self.clock(), caller, request, request.state)
            tx.commit()
        return whole

    # -- by the clock -------------------------------------------------------------------------------------------------

    def tend(self) -> int:
        """Sources whose time is over count as silent; requests whose time is over are noted as late; how many."""
        now = self.clock()
        with self.store.reading() as tx:
            if not tx.rights.late(now) and not any(_late(one, self.clock) for one in tx.rights.every()):
                return 0
        with self.store.transaction() as tx:
            done = self.consultations.lapse(tx)
            for request in tx.rights.every():
                if _late(request, self.clock):
                    tx.rights.put(msgspec.structs.replace(request, escalated_at=now))
                    note(tx, Act.RIGHTS_OVERDUE, now, self.here.node, request, due=f"{request.deadline():%Y-%m-%d}")
                    done += 1
            tx.commit()
        return done

    def expire(self) -> int:
        """Destroy the papers of what was decided, turned away or answered so many years ago; how many."""
        now, months = self.clock(), limits.RIGHTS_YEARS_KEPT * 12
        with self.store.transaction() as tx:
            over = [
                one
                for one in tx.rights.every()
                if one.state in (RightsState.DECIDED, RightsState.NOT_ADMITTED)
                and months_later(_ended(one), months) <= now
            ]
            for request in over:
                bare = msgspec.structs.replace(
                    request, person=None, said="", reply="", decision=None, state=RightsState.EMPTIED
                )
                tx.rights.empty(bare)
                note(tx, Act.RIGHTS_EMPTIED, now, self.here.node, bare)
            stripped = self.consultations.expire(tx, months)
            if over or stripped:
                tx.commit()
        return len(over) + stripped

    # -- steps --------------------------------------------------------------------------------------------------------

    def _held(self, tx: Transaction, person: PersonQuery, today: date) -> Iterator[Concerned]:
        queries: list[Query] = [person]
        if person.document_number and person.document_country:
            queries.append(DocumentQuery(country=person.document_country, number=person.document_number))
        compare = partial(self.compare, purpose=Purpose.IDENTIFY, persons_held=persons_held(tx, person))
        for query in queries:
            held = [*tx.records.numbered(number_keys_asked(query), False, today)]
            if isinstance(query, PersonQuery):
                held += tx.records.persons(query, limits.CANDIDATES_MAX, today)
            for one in held:
                if (like := likeness(one, [query], compare)) is not None:
                    header, match = like
                    own = "own" if tx.records.owned(header.id) is not None else "copy"
                    yield Concerned(
                        record=header.id,
                        collection=header.collection,
                        reference=header.reference,
                        owner=header.source,
                        held=own,
                        probability=match.probability,
                    )
        found = [one.id for one in tx.hits.every(limits.RIGHTS_SEARCHED_MAX) if one.side is Side.ASKER]
        late = ((late[1], "found") for hit in found if (late := tx.kept.late(hit, today)) is not None)
        passed = ((tx.passings.content(one.id), "passed") for one in tx.passings.every(limits.RIGHTS_SEARCHED_MAX))
        queued = ((one, "found") for one in tx.batches.contents(today))
        for content, how in (*late, *queued, *passed):
            if content is not None and (alike := likeness_found(content, queries, compare)) is not None:
                finding, match = alike
                yield Concerned(
                    record=finding.record,
                    collection=finding.collection,
                    reference=finding.reference,
                    owner=finding.owner,
                    held=how,
                    probability=match.probability,
                )

    def _received(self, tx: Transaction, request_id: str) -> RightsRequest:
        request = request_of(tx, request_id)
        if request.state is not RightsState.RECEIVED:
            raise Conflict(f"Request {request_id} is {request.state}, not received.", do="See `comity rights show`.")
        return request

    def _turn_away(self, request_id: str) -> str:
        return f"turn it away: comity rights turn-away {request_id}"

    def _whole(self, request: RightsRequest) -> WholeRequest:
        due = request.due_at if request.pending else None
        return WholeRequest(
            request=request,
            clock=left(due, request.escalated_at, self.clock()),
            reply_from=request.reply_from if request.pending else None,
            consultations=(),
            propagated=(),
        )


def _late(request: RightsRequest, clock: Clock) -> bool:
    return request.pending and ran_out(request.due_at, request.escalated_at, clock())


def _ended(request: RightsRequest) -> datetime:
    decided = request.decision.confirmed_at if request.decision else None
    return decided or request.received_at
