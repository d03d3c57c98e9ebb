"""Cases: what a bureau holds together on a matter; only the people allowed in it see that it is there."""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.caller import Account, Caller, Role, require
from comity.domain.case import Case, CaseState, Item, ItemKind, NewCase, Reference, WholeCase
from comity.domain.errors import Conflict, Invalid, Missing, TooLarge
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.mail import Mail
from comity.domain.marking import Marking, narrowest

WORK = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR})
ADMIT = frozenset({Role.SUPERVISOR})


class Cases:
    def __init__(self, here: Here, store: Store, clock: Clock, entropy: Callable[[int], bytes]) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.entropy = entropy

    def open(self, about: NewCase, caller: Caller) -> Case:
        """Begin a case; whoever opens it is the first in it."""
        require(caller, WORK, "open a case")
        with self.store.transaction() as tx:
            if tx.cases.numbered(about.number) is not None:
                raise Conflict(f"The number {about.number} is taken.", where="number", do="Choose another number.")
            now = self.clock()
            case = Case(
                id=new_id(now, self.entropy(10)),
                about=about,
                allowed=frozenset({caller.account}),
                opened_by=caller.account,
                opened_at=now,
            )
            tx.cases.put(case)
            self._note(tx, Act.CASE_OPENED, case, caller)
            tx.commit()
        return case

    def every(self, caller: Caller) -> list[Case]:
        """Those in which the caller is allowed, open ones first, then the newest."""
        require(caller, WORK, "see cases")
        with self.store.reading() as tx:
            return tx.cases.of(caller.account, limits.CASES_LISTED_MAX)

    def show(self, case_id: str, caller: Caller) -> WholeCase:
        """A case with its items and messages; this is written down."""
        require(caller, WORK, "see cases")
        with self.store.transaction() as tx:
            case = allowed_case(tx, case_id, caller)
            items, mail = tx.cases.items(case.id), tx.mail.of_case(case.id)
            self._note(tx, Act.CASE_SHOWN, case, caller)
            tx.commit()
        return WholeCase(case=case, items=tuple(items), mail=tuple(mail), marking=_together(items, mail))

    def people(self, case_id: str, caller: Caller) -> list[Account]:
        """Who is in the case, by name; to those who are in it."""
        require(caller, WORK, "see cases")
        with self.store.reading() as tx:
            found = (tx.accounts.of_id(one) for one in allowed_case(tx, case_id, caller).allowed)
            return sorted((one for one in found if one is not None), key=lambda one: (one.name, one.login))

    def admit(self, case_id: str, login: str, caller: Caller) -> Case:
        """Let a colleague into the case. A supervisor may do so without being in it, and does not see it by that."""
        require(caller, WORK, "let people into a case")
        with self.store.transaction() as tx:
            case = _case_of(tx, case_id, caller)
            account = tx.accounts.get(login)
            if account is None or account.suspended or account.roles.isdisjoint(WORK):
                raise Missing(f"{login} has no account that works on cases.", where="login", do="See `account list`.")
            if len(case.allowed) >= limits.CASE_PEOPLE_MAX:
                raise TooLarge(f"{limits.CASE_PEOPLE_MAX} people are in the case.", do="Let somebody out first.")
            changed = replace(case, allowed=case.allowed | {account.id})
            self._changed(tx, changed, caller, admitted=account.id)
        return changed

    def dismiss(self, case_id: str, login: str, caller: Caller) -> Case:
        """Let somebody out; the last one stays, or nobody could see the case any more."""
        require(caller, WORK, "let people out of a case")
        with self.store.transaction() as tx:
            case = _case_of(tx, case_id, caller)
            account = tx.accounts.get(login)
            if account is None or account.id not in case.allowed:
                raise Missing(f"{login} is not in case {case.number}.", where="login", do="Look at the case.")
            if case.allowed == {account.id}:
                raise Conflict(f"{login} is the last in case {case.number}.", do="Let somebody else in first.")
            changed = replace(case, allowed=case.allowed - {account.id})
            self._changed(tx, changed, caller, dismissed=account.id)
        return changed

    def refer(self, case_id: str, reference: Reference, caller: Caller) -> Case:
        """Note under which number another bureau knows the matter."""
        require(caller, WORK, "change a case")
        with self.store.transaction() as tx:
            case = open_case(tx, case_id, caller)
            changed = referring(case, reference)
            self._changed(tx, changed, caller, bureau=reference.bureau, their_number=reference.number)
        return changed

    def attach(self, case_id: str, kind: ItemKind, item_id: str, marking: Marking, caller: Caller) -> Item:
        """Put an own record, or a hit, into the case. Its owner's marking stays, and yours can only narrow it."""
        require(caller, WORK, "change a case")
        with self.store.transaction() as tx:
            case = open_case(tx, case_id, caller)
            owner, theirs = _found(tx, kind, item_id)
            item = Item(
                case=case.id,
                kind=kind,
                id=item_id,
                owner=owner,
                marking=narrowest([marking, theirs]) if theirs is not None else marking,
                added_by=caller.account,
                added_at=self.clock(),
            )
            tx.cases.attach(item)
            self._changed(tx, case, caller, attached=item_id)
        return item

    def close(self, case_id: str, because: str, caller: Caller) -> Case:
        """Nothing is added or sent from it any more."""
        require(caller, WORK, "close a case")
        if not 0 < len(because.strip()) <= limits.TEXT_CHARS_MAX:
            raise Invalid("A reason is needed.", where="because", do="Say why the case is closed.")
        with self.store.transaction() as tx:
            case, now = open_case(tx, case_id, caller), self.clock()
            closed = replace(case, state=CaseState.CLOSED, closed_at=now, closed_because=because.strip())
            tx.cases.put(closed)
            self._note(tx, Act.CASE_CLOSED, closed, caller, because=closed.closed_because)
            tx.commit()
        return closed

    def reopen(self, case_id: str, caller: Caller) -> Case:
        require(caller, WORK, "reopen a case")
        with self.store.transaction() as tx:
            case = allowed_case(tx, case_id, caller)
            if case.state is CaseState.OPEN:
                raise Conflict(f"Case {case.number} is open.", do="Go on with it.")
            again = replace(
                case, state=CaseState.OPEN, closed_at=None, closed_because="", keep_until=None, told_of_end=False
            )
            tx.cases.put(again)
            self._note(tx, Act.CASE_REOPENED, again, caller)
            tx.commit()
        return again

    def _changed(self, tx: Transaction, case: Case, caller: Caller, **what: str) -> None:
        tx.cases.put(case)
        self._note(tx, Act.CASE_CHANGED, case, caller, **what)
        tx.commit()

    def _note(self, tx: Transaction, act: Act, case: Case, caller: Caller, **what: str) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=case.id,
            purpose=case.about.purpose,
            case=case.number,
            outcome=case.state,
            details={**what},
        )
        tx.journal.record(entry)


def allowed_case(tx: Transaction, case_id: str, caller: Caller) -> Case:
    """The case, where the caller is in it. To everyone else it is not there."""
    case = tx.cases.get(case_id)
    # Falls without it: tests/desks/test_cases.py
    if case is None or caller.account not in case.allowed:
        raise Missing("There is no such case, or you are not in it.", do="Ask whoever leads the case to let you in.")
    return case


def open_case(tx: Transaction, case_id: str, caller: Caller) -> Case:
    """The same, where it is still worked on."""
    case = allowed_case(tx, case_id, caller)
    if case.state is CaseState.CLOSED:
        raise Conflict(f"Case {case.number} is closed.", do="Reopen it.")
    return case


def referring(case: Case, reference: Reference) -> Case:
    """The case with that bureau's number for it; a later word takes the place of an earlier one."""
    others = tuple(one for one in case.references if one.bureau != reference.bureau)
    return replace(case, references=(*others, reference))


def _case_of(tx: Transaction, case_id: str, caller: Caller) -> Case:
    if caller.roles.isdisjoint(ADMIT):
        return allowed_case(tx, case_id, caller)
    case = tx.cases.get(case_id)
    # Of one that was emptied there is nothing to let anybody into. Falls without it: tests/desks/test_endings.py
    if case is None or case.erased_at is not None:
        raise Missing("There is no such case.", do="The journal has its id.")
    return case


def _found(tx: Transaction, kind: ItemKind, item_id: str) -> tuple[str, Marking | None]:
    """Whose it is and how its owner marked it, as far as that is known here."""
    if kind is ItemKind.RECORD:
        record = tx.records.owned(item_id)
        if record is None:
            raise Missing(f"No record {item_id} of ours is here.", where="item", do="Another's record has a hit.")
        return record.header.source, record.header.marking
    hit = tx.hits.get(item_id)
    if hit is None:
        raise Missing(f"There is no hit {item_id} here.", where="item", do="See `comity hits list`.")
    return hit.owner, None


def _together(items: Collection[Item], mail: Collection[Mail]) -> Marking | None:
    marks = [one.marking for one in items] + [one.message.marking for one in mail if one.message is not None]
    try:
        return narrowest(marks)
    except Conflict:
        return None
