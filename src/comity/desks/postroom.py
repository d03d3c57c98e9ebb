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
from comity.domain.post import Alarm, Collected, Collection, InPost, RefusedLetter, Taken, Wrong, fitting
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
            now = self.clock()
            desk = _Taking(tx, sender.id, letters)
            taken: dict[str, Route] = {}  # by id: one that was brought twice is one letter
            refused: list[RefusedLetter] = []
            behind: set[tuple[str, Urgency]] = set()
            for letter in letters:
                route = letter.route
                lanes = {(recipient, route.priority) for recipient in route.recipients}
                try:
                    if lanes & behind:
                        raise Unavailable("A letter before it was not taken.", do="Bring that one first.")
                    self._take(tx, desk, letter, now)
                    taken[route.id] = route
                except Refusal as refusal:
                    behind |= lanes
                    refused.append(RefusedLetter(letter=route.id, code=refusal.code, what=_short(refusal)))
            tx.postroom.take(sender.id, desk.new, now)
            relayed = [self._say(tx, Step.RELAYED, sender.id, some, now, "") for some in _concerned(taken.values())]
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
            told = tx.evidence.to_tell(member.id, limits.POST_EVIDENCE_PER_REQUEST_MAX)
            evidence = fitting(told, collection.bytes_max)
            room = max(collection.bytes_max - sum(map(len, evidence)), 1)
            found = tx.postroom.waiting(member.id, collection.letters_max, room, collection.passing_over)
            tx.commit()
        letters = tuple(letter.sealed for letter in found)
        return Collected(evidence=evidence, letters=letters, more=bool(evidence or letters))

    def waits(self, collection: Collection, member: Member) -> bool:
        """Whether there is anything for a member by now. Cheap where there is nothing: it is asked twice a second."""
        with self.store.reading() as tx:
            if tx.evidence.waits_for(member.id):
                return True
            return tx.postroom.waits_for(member.id) and bool(
                tx.postroom.waiting(member.id, 1, 1, collection.passing_over)
            )

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

    def _take(self, tx: Transaction, desk: "_Taking", letter: InPost, now: datetime) -> None:
        route = letter.route
        for recipient in route.recipients:
            self._check_recipient(recipient, desk.directory, now)
        if route.id not in desk.digests:
            desk.check_room(route)
            box = letter.sealed.box if now < route.expires else b""
            desk.take(InPost(route=route, sealed=Sealed(route=letter.sealed.route, box=box)))
        # Falls without it: tests/attacks/test_post_room.py
        elif desk.digests[route.id] != route.ct_sha256:
            what = f"Other bytes were brought before as letter {route.id}."
            self._alarm(tx, Wrong.CONFLICTING, route.sender, route.id, what)
            raise Conflict(what, do="Compare both by hand.")

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
        ids = [one.letter for one in evidence.letters]
        routes = tx.postroom.routes(evidence.sender, ids)
        for one in evidence.letters:
            held = routes.get(one.letter)
            if held is not None and (one.recipient not in held.recipients or one.digest != held.ct_sha256):
                what = f"{member.id} speaks of other bytes, or of another's letter."
                self._alarm(tx, Wrong.INVENTED, member.id, one.letter, what)
                return
        if tx.evidence.keep(proof, self.clock(), tell=evidence.sender) and evidence.step in ENDS:
            tx.postroom.done(evidence.sender, ids, member.id)

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


class _Taking:
    """What is known about the letters of one request, looked up once for all of them, and which of them are new."""

    def __init__(self, tx: Transaction, sender: str, letters: Sequence[InPost]) -> None:
        self.directory = tx.members.directory()
        self.digests = tx.postroom.digests(sender, [letter.route.id for letter in letters])
        self.new: list[InPost] = []
        self._letters, self._bytes = tx.postroom.held(sender)

    def check_room(self, route: Route) -> None:
        """Raises TooLarge where that many of its sender wait."""
        if self._letters >= limits.POST_LETTERS_PER_MEMBER_MAX:
            raise TooLarge(f"{self._letters} letters of {route.sender} wait here.", do="Wait until some are fetched.")
        if self._bytes + route.ct_bytes > limits.POST_BYTES_PER_MEMBER_MAX:
            raise TooLarge(f"{self._bytes} bytes of {route.sender} wait here.", do="Wait until some are fetched.")

    def take(self, letter: InPost) -> None:
        """Also known from now on: the same id may come twice in one request."""
        self.digests[letter.route.id] = letter.route.ct_sha256
        self.new.append(letter)
        self._letters += 1
        self._bytes += len(letter.sealed.box)


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
