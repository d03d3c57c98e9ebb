"""The hub's post room: takes sealed letters once, hands them out in order, and cannot read them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from comity.desks.here import Here
from comity.desks.needs import Clock, Once, Store, Transaction
from comity.desks.post_alarms import noted
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.errors import Conflict, Missing, NotPermitted, Refusal, TooLarge, Unavailable
from comity.domain.evidence import ENDS, SIGNED_BY, Concerned, Evidence, Party, Proof, Step
from comity.domain.mail import Urgency
from comity.domain.post import Alarm, Collected, Collection, InPost, RefusedLetter, Taken, Wrong
from comity.domain.sealed import Route, Sealed

Sign = Callable[[Evidence], Proof]


class PostRoom:
    def __init__(self, here: Here, store: Store, clock: Clock, sign: Sign) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.sign = sign

    def take(self, letters: Sequence[InPost], sender: Member, once: Once) -> Taken:
        """Hold these letters, whose outsides were verified, for their recipients; the hub's signed word for each.

        When this returns they are in storage. One that is refused holds back those behind it in its lane.
        """
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            now, directory = self.clock(), tx.members.directory()
            taken: list[Route] = []
            refused: list[RefusedLetter] = []
            behind: set[tuple[str, Urgency]] = set()
            for letter in letters:
                route = letter.route
                lanes = {(recipient, route.priority) for recipient in route.recipients}
                try:
                    if lanes & behind:
                        raise Unavailable("A letter before it was not taken.", do="Bring that one first.")
                    self._take(tx, letter, directory, now)
                    taken.append(route)
                except Refusal as refusal:
                    behind |= lanes
                    refused.append(RefusedLetter(letter=route.id, code=refusal.code, what=_short(refusal)))
            relayed = [self._say(tx, Step.RELAYED, sender.id, some, now, "") for some in _concerned(taken)]
            tx.commit()
        return Taken(relayed=tuple(proof.signed for proof in relayed), refused=tuple(refused))

    def collect(self, proofs: Sequence[Proof], collection: Collection, member: Member, once: Once) -> Collected:
        """Take a member's evidence, verified, and hand out what waits for it.

        What is handed out stays here until the member has signed that it has it.
        """
        self._hub_only()
        with self.store.transaction() as tx:
            once(tx)
            tx.evidence.told(member.id, collection.seen)
            for proof in proofs:
                self._hear(tx, proof, member)
            evidence = tuple(tx.evidence.to_tell(member.id, limits.POST_EVIDENCE_PER_REQUEST_MAX))
            room = max(collection.bytes_max - sum(map(len, evidence)), 1)
            found = tx.postroom.waiting(member.id, collection.letters_max, room, collection.passing_over)
            tx.commit()
        letters = tuple(letter.sealed for letter in found)
        return Collected(evidence=evidence, letters=letters, more=bool(evidence or letters))

    def expire(self) -> int:
        """Give up the boxes of letters past their time; their senders get it signed. How many."""
        if not self.here.is_hub:
            return 0
        with self.store.transaction() as tx:
            now = self.clock()
            expired = tx.postroom.expire(now)
            by_sender: dict[str, list[Route]] = {}
            for route in expired:
                by_sender.setdefault(route.sender, []).append(route)
            for sender, routes in by_sender.items():
                for some in _concerned(routes):
                    self._say(tx, Step.EXPIRED, sender, some, now, sender)
            tx.evidence.expire(now)
            tx.commit()
        return len(expired)

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        with self.store.reading() as tx:
            return tx.postroom.depths()

    def lanes(self) -> dict[tuple[str, Urgency], tuple[int, datetime]]:
        """(recipient, priority): how many wait, and since when the oldest of them."""
        with self.store.reading() as tx:
            return tx.postroom.lanes()

    def _take(self, tx: Transaction, letter: InPost, directory: Directory | None, now: datetime) -> None:
        route = letter.route
        for recipient in route.recipients:
            self._check_recipient(recipient, directory, now)
        if tx.postroom.get(route.sender, route.id) is None:
            letters, size_bytes = tx.postroom.held(route.sender)
            if letters >= limits.POST_LETTERS_PER_MEMBER_MAX:
                raise TooLarge(f"{letters} letters of {route.sender} wait here.", do="Wait until some are fetched.")
            if size_bytes + route.ct_bytes > limits.POST_BYTES_PER_MEMBER_MAX:
                raise TooLarge(f"{size_bytes} bytes of {route.sender} wait here.", do="Wait until some are fetched.")
        if route.expires <= now:
            letter = InPost(route=route, sealed=Sealed(route=letter.sealed.route, box=b""))
        try:
            tx.postroom.take(letter, now)
        except Conflict as conflict:
            self._alarm(tx, Wrong.CONFLICTING, route.sender, route.id, conflict.what)
            raise

    def _check_recipient(self, recipient: str, directory: Directory | None, now: datetime) -> None:
        member = directory.member(recipient) if directory else None
        if member is None or recipient == self.here.node:
            raise Missing(f"There is no member {recipient} to whom letters are relayed.", do="See the directory.")
        if member.stands(now.date()) is Standing.SUSPENDED:
            raise Unavailable(f"{recipient} is suspended.", do="Bring it again once it is restored.")

    def _hear(self, tx: Transaction, proof: Proof, member: Member) -> None:
        """Evidence that a recipient brings of its own: it ends what waited for it, and goes on to the sender."""
        evidence = proof.evidence
        if evidence.by != member.id or SIGNED_BY[evidence.step] is not Party.RECIPIENT:
            raise NotPermitted(f"{member.id} may not bring that a letter was {evidence.step}.", do="Bring your own.")
        for one in evidence.letters:
            held = tx.postroom.get(evidence.sender, one.letter)
            if held is not None and (one.recipient not in held.route.recipients or one.digest != held.route.ct_sha256):
                what = f"{member.id} speaks of other bytes, or of another's letter."
                self._alarm(tx, Wrong.INVENTED, member.id, one.letter, what)
                return
        if tx.evidence.keep(proof, self.clock(), tell=evidence.sender) and evidence.step in ENDS:
            for one in evidence.letters:
                tx.postroom.done(evidence.sender, one.letter, member.id)

    def _say(
        self, tx: Transaction, step: Step, sender: str, letters: tuple[Concerned, ...], now: datetime, tell: str
    ) -> Proof:
        proof = self.sign(Evidence(step=step, by=self.here.node, sender=sender, at=now, letters=letters))
        tx.evidence.keep(proof, now, tell)
        return proof

    def _alarm(self, tx: Transaction, wrong: Wrong, sender: str, letter: str, what: str) -> None:
        noted(tx, Alarm(wrong=wrong, sender=sender, letter=letter, what=what, noted_at=self.clock()))

    def _hub_only(self) -> None:
        if not self.here.is_hub:
            raise Missing("This node has no post room.", do="Bring sealed letters to the hub.")


def _concerned(routes: Iterable[Route]) -> Iterator[tuple[Concerned, ...]]:
    """As many at once as one piece of evidence names."""
    every = (
        Concerned(letter=route.id, recipient=recipient, digest=route.ct_sha256)
        for route in routes
        for recipient in route.recipients
    )
    while some := tuple(islice(every, limits.POST_LETTERS_PER_REQUEST_MAX)):
        yield some


def _short(refusal: Refusal) -> str:
    return refusal.what[: limits.REASON_CHARS_MAX]
