"""Carry letters under seal: brought to the hub's post room and fetched from it, so that it can read none of them."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from msgspec import Raw

from comity.desks.file_post import beside
from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.errors import Missing, Refusal, TooLarge, Unavailable
from comity.domain.evidence import Proof, Step
from comity.domain.letter import RANK, Lane, Letter, kind_of, purpose_of
from comity.domain.mail import Urgency
from comity.domain.post import PRIORITIES, Arrival, Collection, InPost, RefusedLetter, Spoiled, Wrong, fitting
from comity.domain.sealed import Attachment, Manifest, Place, Sealed
from comity.peers.exchange import BYTES, Exchange
from comity.peers.pace import Pace
from comity.wire.age import Identity, Recipient
from comity.wire.arrival import read_arrival
from comity.wire.canonical import encode
from comity.wire.collection import read_collected, read_taken, write_collection, write_letters
from comity.wire.evidence import digest_of, read_evidence
from comity.wire.http import Response
from comity.wire.manifest import member_pair
from comity.wire.pair import PublicPair
from comity.wire.seal import route_of, seal

POST = "/federation/v1/post"
COLLECTIONS = "/federation/v1/post-collections"
WAITING = f"{COLLECTIONS}?wait={limits.POST_HELD_SECONDS:.0f}"  # where there is nothing, the hub keeps us waiting
UNKNOWN = "unknown"  # a member could name kinds without end; they are counted as one
ANSWER_BYTES_MAX = 2 * limits.POST_REQUEST_BYTES_MAX

log = structlog.get_logger("comity.peers.sealed_courier")


class Keys(Protocol):
    """The keys that letters are sealed to."""

    def has_keys(self, node: str) -> bool:
        """Whether the node has ever signed keys to seal to: what it writes from then on is never open."""
        ...

    def key_for(self, node: str, now: datetime) -> tuple[Recipient, datetime]:
        """What letters to that node are sealed to, and until when it opens them. A Refusal where none is good now."""
        ...

    def identities(self, now: datetime) -> Sequence[Identity]:
        """Our own that still open, the newest first."""
        ...


class Desk(Protocol):
    def sealed(self, letters: Sequence[tuple[Letter, InPost]], before: Place) -> bool: ...

    def submitted(self, proofs: Sequence[Proof], refused: Sequence[RefusedLetter]) -> None: ...

    def collected(
        self, told: Sequence[str], proofs: Sequence[Proof], arrived: Sequence[Arrival | Spoiled]
    ) -> set[tuple[str, Urgency]]: ...


class Counter(Protocol):
    def letter_sent(self, kind: str) -> None: ...

    def letter_received(self, kind: str) -> None: ...


class SealedCourier:
    """Every step is its own transaction, and is done again after a stop: the hub and the recipient know each letter.

    Nobody calls in: a bureau that cannot be reached from outside fetches its post like everybody else.
    """

    def __init__(
        self,
        node: str,
        store: Store,
        directory: Callable[[], Directory | None],
        exchange: Exchange,
        keys: Keys,
        desk: Desk,
        clock: Clock,
        counter: Counter,
    ) -> None:
        self.node = node
        self.store = store
        self.directory = directory
        self.exchange = exchange
        self.keys = keys
        self.desk = desk
        self.clock = clock
        self.counter = counter
        self.pace = {POST: Pace(), COLLECTIONS: Pace()}
        self._bringing, self._fetching = threading.Lock(), threading.Lock()
        self._sealing = ThreadPoolExecutor(1, "sealing")
        self._failures = {POST: 0, COLLECTIONS: 0}
        self._try_at: dict[str, datetime] = {}
        self._stuck: dict[tuple[str, Urgency], datetime] = {}
        self._seen: list[str] = []

    def seals_to(self, recipient: str) -> bool:
        """Whether letters to that member go under seal: where its own signed manifest has a key to seal to.

        Never because of what the hub says or leaves out. Falls without it: tests/federation/test_hostile_hub.py
        """
        directory = self.directory()
        if directory is None or directory.hub in (recipient, self.node):
            return False
        return self.keys.has_keys(recipient)

    def bring(self) -> int:
        """Seal what waits and bring it to the hub; how many letters it has signed for."""
        if not self._bringing.acquire(blocking=False):
            return 0
        try:
            brought, more = 0, self._seal_some()
            while more:
                # While one request is on its way, and the hub at work, the letters of the next one are sealed.
                sealing = self._sealing.submit(self._seal_some)
                brought += self._until_done(POST, self._submit)
                more = sealing.result()
            return brought + self._until_done(POST, self._submit)
        finally:
            self._bringing.release()

    def fetch(self) -> int:
        """Fetch what waits at the hub, and tell it what was done with it; how many letters and pieces of evidence."""
        if not self._fetching.acquire(blocking=False):
            return 0
        try:
            return self._until_done(COLLECTIONS, self._collect)
        finally:
            self._fetching.release()

    # -- out ------------------------------------------------------------------------------------------------------

    def seal_waiting(self) -> None:
        """Put all open letters under their seals."""
        while self._seal_some():
            pass

    def close(self) -> None:
        """Seal nothing more; what is being sealed is finished."""
        self._sealing.shutdown(wait=True, cancel_futures=True)

    def _seal_some(self) -> bool:
        """Put open letters under their seals, of each lane as many as go in one request; whether more are left."""
        now = self.clock()
        with self.store.reading() as tx:
            waiting = tx.outbox.waiting(now)
        if not waiting:
            return False
        lanes = sorted(waiting, key=lambda one: (RANK[one[1]], one[0]))
        more = {self._seal_lane(recipient, lane) for recipient, lane in lanes if self._goes(recipient)}
        return True in more

    def _goes(self, recipient: str) -> bool:
        directory = self.directory()
        member = directory.member(recipient) if directory else None
        if member is None or member.stands(self.clock().date()) is Standing.SUSPENDED:
            return False
        return self.seals_to(recipient)

    def _seal_lane(self, recipient: str, lane: Lane) -> bool:
        with self.store.reading() as tx:
            letters = tx.outbox.several(recipient, lane, limits.POST_LETTERS_PER_REQUEST_MAX)
            before = tx.sealed.sent(recipient, lane)
            files = {letter.id: beside(tx, letter) for letter in letters}
        if not letters:
            return False
        try:
            key, until = self.keys.key_for(recipient, self.clock())
        except Refusal as refusal:
            self._not_sealed(letters[0], refusal)
            return False
        under_seal = self._sealed(letters, files, before, key, until)
        if not under_seal or not self.desk.sealed(under_seal, before):
            return False
        for letter, _ in under_seal:
            self.counter.letter_sent(kind_of(letter.body))
        return len(under_seal) == limits.POST_LETTERS_PER_REQUEST_MAX

    def _sealed(
        self,
        letters: Sequence[Letter],
        files: Mapping[str, tuple[Attachment, ...]],
        place: Place,
        key: Recipient,
        until: datetime,
    ) -> list[tuple[Letter, InPost]]:
        sealed = []
        for letter in letters:
            try:
                one = self._seal(letter, files[letter.id], place, key, min(letter.expires_at, until))
            except TooLarge as refusal:
                self._not_sealed(letter, refusal)
                break
            sealed.append((letter, one))
            place = Place(seq=place.seq + 1, ct_sha256=one.route.ct_sha256)
        return sealed

    def _not_sealed(self, letter: Letter, refusal: Refusal) -> None:
        """It waits: it never leaves open instead."""
        with self.store.transaction() as tx:
            tx.outbox.failed(letter.id, self.clock(), str(refusal))
            tx.commit()

    def _seal(
        self, letter: Letter, files: tuple[Attachment, ...], place: Place, key: Recipient, expires: datetime
    ) -> InPost:
        manifest = Manifest(
            id=letter.id,
            sender=letter.sender,
            recipients=(letter.recipient,),
            seq={letter.recipient: place.seq + 1},
            prev={letter.recipient: place.ct_sha256},
            created=letter.written_at,
            expires=expires,
            purpose=purpose_of(letter.body),
            basis=(),
            handling=(),
            body=Raw(encode(letter)),
            files=files,
        )
        priority = PRIORITIES[letter.lane]
        sealed = seal(manifest, self.exchange.signer, {letter.recipient: key}, priority)
        return InPost(route=route_of(manifest, sealed.box, priority), sealed=sealed)

    def _submit(self, hub: Member) -> int:
        with self.store.reading() as tx:
            letters = tx.sealed.to_submit(self.clock(), limits.POST_LETTERS_PER_REQUEST_MAX, self.pace[POST].bytes_max)
        if not letters:
            return 0
        body = write_letters([letter.sealed for letter in letters])
        response = self._post(hub, POST, body, len(body))
        taken = read_taken(response.body)
        proofs = [read_evidence(piece, self.pair_of, hub.id) for piece in taken.relayed]
        relayed = {one.letter for proof in proofs for one in proof.evidence.letters if _relayed(proof)}
        told = {one.letter: one for one in taken.refused}
        silent = [
            told.get(letter.route.id, RefusedLetter(letter=letter.route.id, code="unavailable", what="No word of it."))
            for letter in letters
            if letter.route.id not in relayed
        ]
        self.desk.submitted(proofs, silent)
        return len(relayed)

    # -- in -------------------------------------------------------------------------------------------------------

    def _collect(self, hub: Member) -> int:
        now = self.clock()
        self._stuck = {key: until for key, until in self._stuck.items() if until > now}
        with self.store.reading() as tx:
            waiting = tx.evidence.to_tell(hub.id, limits.POST_EVIDENCE_PER_REQUEST_MAX // 2)
        bytes_max = self.pace[COLLECTIONS].bytes_max
        evidence = fitting(waiting, bytes_max)
        asked = Collection(
            evidence=evidence, seen=tuple(self._seen), passing_over=tuple(self._stuck), bytes_max=bytes_max
        )
        body = write_collection(asked)
        response = self._post(hub, WAITING, body, bytes_max)
        collected = read_collected(response.body)
        told = [digest_of(piece) for piece in evidence]
        stuck = self.take(collected.letters, collected.evidence, told)
        self._stuck |= {key: now + timedelta(seconds=limits.POST_STUCK_SECONDS) for key in stuck}
        self._seen = [digest_of(piece) for piece in collected.evidence]
        return len(told) + len(collected.letters) + len(collected.evidence)

    def take(
        self, letters: Sequence[Sealed], evidence: Sequence[bytes], told: Sequence[str] = ()
    ) -> set[tuple[str, Urgency]]:
        """Open and apply what came by whatever way; the lanes whose next letter was not taken.

        `told` are the pieces of our evidence that the hub has now.
        """
        if not (letters or evidence or told):
            return set()
        directory = self.directory()
        arrived = self._opened(letters)
        proofs, invented = self._verified(evidence, directory.hub if directory else "")
        if not (told or proofs or arrived or invented):
            return set()
        stuck = self.desk.collected(told, proofs, [*arrived, *invented])
        for one in arrived:
            if isinstance(one, Arrival) and one.letter is not None:
                self.counter.letter_received(kind_of(one.letter.body) if isinstance(one.letter, Letter) else UNKNOWN)
        return stuck

    def _opened(self, letters: Sequence[Sealed]) -> list[Arrival | Spoiled]:
        identities, now, pair_of = self.keys.identities(self.clock()), self.clock(), self._pairs()
        return [read_arrival(sealed, self.node, pair_of, identities, now) for sealed in letters]

    def _verified(self, pieces: Sequence[bytes], hub: str) -> tuple[list[Proof], list[Spoiled]]:
        proofs, invented, pair_of = [], [], self._pairs()
        for piece in pieces:
            try:
                proofs.append(read_evidence(piece, pair_of, hub))
            except Refusal as refusal:
                invented.append(Spoiled(wrong=Wrong.INVENTED, what=refusal.what))
        return proofs, invented

    def _post(self, hub: Member, target: str, body: bytes, tried_bytes: int) -> Response:
        pace, held = self.pace[target.partition("?")[0]], limits.POST_HELD_SECONDS if target == WAITING else 0.0
        try:
            response = self.exchange.post(hub, target, body, pace.within_seconds + held, ANSWER_BYTES_MAX, BYTES)
        except Unavailable:
            pace.failed(tried_bytes)
            raise
        pace.passed(max(len(body), len(response.body)))
        return response

    # -- both -----------------------------------------------------------------------------------------------------

    def _until_done(self, target: str, step: Callable[[Member], int]) -> int:
        """Step after step until nothing moves; a hub that cannot be reached is left alone for longer each time."""
        directory = self.directory()
        hub = directory.member(directory.hub) if directory else None
        if hub is None or hub.id == self.node or self._try_at.get(target, self.clock()) > self.clock():
            return 0
        done = 0
        try:
            # A hub that hands out the same for ever must not keep us here. Falls without it:
            # tests/federation/test_hostile_hub.py
            for _ in range(limits.POST_STEPS_PER_ROUND_MAX):
                began = self.clock()
                if not (moved := step(hub)):
                    self._rest(target, self.clock() - began)
                    break
                done += moved
        except Refusal as refusal:
            self._failed(target, refusal)
            return done
        self._failures[target] = 0
        return done

    def _rest(self, target: str, took: timedelta) -> None:
        """Asking for nothing must not fill a thin line. Falls without it: tests/federation/test_bad_line.py"""
        held = timedelta(seconds=limits.POST_HELD_SECONDS)
        # What the hub kept us waiting is no sign of a slow line.
        carried = took - held if target == COLLECTIONS and took >= held else took
        if carried >= timedelta(seconds=limits.POST_SLOW_SECONDS):
            self._try_at[target] = self.clock() + limits.POST_REST_TIMES * carried

    def _failed(self, target: str, refusal: Refusal) -> None:
        wait = min(limits.RETRY_FIRST_SECONDS * 2 ** min(self._failures[target], 32), limits.RETRY_LAST_SECONDS)
        self._failures[target] += 1
        self._try_at[target] = self.clock() + timedelta(seconds=wait)
        log.warning("the post room did not do it", target=target, code=refusal.code, again_in_seconds=wait)

    def pair_of(self, node: str) -> PublicPair:
        """The keys by which that member signs. Raises Missing."""
        return self._pairs()(node)

    def _pairs(self) -> Callable[[str], PublicPair]:
        """The same for many, from one look at the directory."""
        directory = self.directory()

        def pair_of(node: str) -> PublicPair:
            member = directory.member(node) if directory else None
            if member is None:
                raise Missing(f"There is no member {node[: limits.CODE_CHARS_MAX]!r}.")
            return member_pair(member)

        return pair_of


def _relayed(proof: Proof) -> bool:
    return proof.evidence.step is Step.RELAYED
