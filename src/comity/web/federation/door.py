"""The door for other nodes: nobody comes further who is not a member and has not signed this very request."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog
from msgspec import Struct
from msgspec.structs import replace

from comity.desks.needs import Clock, Once, Transaction
from comity.domain import limits
from comity.domain.bureau import Directory, Member, Standing
from comity.domain.errors import NotPermitted, Refusal, Replayed, TooLarge, Unauthenticated, Unavailable
from comity.web.federation.bulletin import Bulletin, Documents, Pages
from comity.web.federation.disclosed import Disclosures, Openings
from comity.web.federation.files import FileAddress, FileRoom
from comity.web.federation.follow import (
    LOGS,
    Directories,
    KeyEntries,
    KeyPublication,
    Logs,
    ManifestRenewal,
    Measures,
)
from comity.web.federation.keys import MemberKeys
from comity.web.federation.letters import Incoming, Letters, Places
from comity.web.federation.post import Collections, Kept, PostRoom, Submissions
from comity.web.federation.questions import Answering, Promised, QuestionBatches, Questions
from comity.web.federation.reconciliation import Reconcile, Reconciliations
from comity.web.federation.witness import Checkpoints, Witness
from comity.web.logs import LogFile
from comity.web.refusals import UnknownAddress, WrongMethod, refused
from comity.wire.http import Request, Response, canonical_authority
from comity.wire.pair import Signer
from comity.wire.signature import VerifiedRequest, signed_response, verified_request

log = structlog.get_logger("comity.web.federation")


class Take(Protocol):
    def __call__(self, once: Once) -> None:
        """Note a request as taken, in a transaction of its own. Raises Replayed where it was taken before."""
        ...


class Counter(Protocol):
    """Who counts what passed this door."""

    def answered(self, kind: str, outcome: str, seconds: float) -> None: ...

    def letter_received(self, kind: str) -> None: ...

    def signature_failed(self, why: str) -> None: ...


class Route(Struct, frozen=True):
    """What one address does for a member, and how large its requests may be."""

    bytes_max: int
    serve: Callable[[Request, Member, Once], Response]  # what it changes, and that it was asked, in one transaction


COLLECTIONS = "/federation/v1/post-collections"
# Everyone who is not let in reads the same words, whatever was wrong: the node's log has the reason.
STRANGER = Unauthenticated(
    "The request is not signed as this door asks.", do="Sign it after docs/protocol/asking.md, with a member's keys."
)
CLOSED = Unavailable("This node cannot serve other nodes now.", do="Ask again later.")
OVERSIZE = TooLarge("The request is over the limit.", do="Send less at once.")


class FederationDoor:
    """From a request's bytes to the signed response. In order: size, signature, standing, route; nonce."""

    def __init__(
        self,
        *,
        node: str,
        authority: str,
        signer: Signer,
        clock: Clock,
        directory: Callable[[], Directory | None],
        take: Take,
        heard_from: Callable[[str], None],
        answering: Answering,
        promised: Promised,
        letters: Letters,
        postroom: PostRoom,
        file_room: FileRoom,
        published_directory: Callable[[], tuple[int, bytes] | None],
        published_measures: Callable[[], bytes],
        key_page: Callable[[int, str], bytes | None],
        publish_keys: Callable[[bytes, Member], int],
        renew: Callable[[bytes, Member], bool],
        bulletin: Pages,
        law_document: Callable[[str], bytes | None],
        log_file: LogFile,
        witness: Witness,
        openings: Openings,
        reconcile: Reconcile,
        counter: Counter,
    ) -> None:
        """`authority` is host:port of this node's manifest, `directory` the one held; `heard_from` takes a member."""
        self.authorities: tuple[str, ...] = (authority,)  # more while the address changes
        self.signer = signer
        self.clock = clock
        self.keys = MemberKeys(directory)
        self.take = take
        self.heard_from = heard_from
        self.counter = counter
        self.collections = Collections(node, postroom)
        files = FileAddress(file_room)
        # (method, path): what is done there.  tests/attacks/test_federation_door.py holds it equal to docs/protocol
        self.routes = {
            ("POST", "/federation/v1/questions"): Route(
                limits.QUESTION_BYTES_MAX, Questions(answering, counter, promised)
            ),
            ("POST", "/federation/v1/question-batches"): Route(
                limits.QUESTION_BATCH_BYTES_MAX, QuestionBatches(answering, counter, promised)
            ),
            ("POST", "/federation/v1/letters"): Route(limits.LETTER_BYTES_MAX, Incoming(node, letters, counter)),
            ("GET", "/federation/v1/letters"): Route(0, self._taken(Places(letters))),
            ("POST", "/federation/v1/post"): Route(limits.POST_REQUEST_BYTES_MAX, Submissions(postroom)),
            ("POST", COLLECTIONS): Route(limits.POST_REQUEST_BYTES_MAX, self.collections),
            ("POST", "/federation/v1/files"): Route(limits.QUESTION_BYTES_MAX, files.announced),
            ("PATCH", "/federation/v1/files"): Route(limits.FILE_PART_BYTES_MAX, files.brought),
            ("GET", "/federation/v1/files"): Route(0, files.asked),
            ("DELETE", "/federation/v1/files"): Route(0, files.ended),
            ("GET", "/federation/v1/directory"): Route(0, self._taken(Directories(published_directory))),
            ("GET", "/federation/v1/measures"): Route(0, self._taken(Measures(published_measures))),
            ("GET", "/federation/v1/keys"): Route(0, self._taken(KeyEntries(key_page))),
            ("POST", "/federation/v1/keys"): Route(
                limits.KEY_ENTRY_BYTES_MAX, self._taken(KeyPublication(publish_keys))
            ),
            ("POST", "/federation/v1/manifest"): Route(limits.MANIFEST_BYTES_MAX, self._taken(ManifestRenewal(renew))),
            ("GET", "/federation/v1/bulletin"): Route(0, self._taken(Bulletin(bulletin))),
            ("GET", "/federation/v1/law"): Route(0, self._taken(Documents(law_document))),
            ("POST", "/federation/v1/add-checkpoint"): Route(limits.SUBMISSION_BYTES_MAX, Checkpoints(witness)),
            ("GET", LOGS): Route(0, Logs(log_file)),
            ("POST", "/federation/v1/disclosures"): Route(
                limits.QUESTION_BYTES_MAX, self._taken(Disclosures(openings))
            ),
            ("POST", "/federation/v1/reconciliations"): Route(
                limits.RECONCILIATION_BYTES_MAX, self._taken(Reconciliations(reconcile))
            ),
        }

    def __call__(self, request: Request) -> Response:
        """The signed answer to a member; to everyone else an unsigned refusal that tells nothing."""
        return self._begun(request)[0]

    def begun(self, request: Request) -> Response | Kept:
        """The same; or how a member is kept waiting for whom there is no post yet, and who would rather wait."""
        response, member = self._begun(request)
        kept = self.collections.kept(request, member, response) if member and _path(request) == COLLECTIONS else None
        if kept is None:
            return response
        return replace(kept, answer=lambda: signed_response(kept.answer(), request, self.signer, self.clock()))

    def _begun(self, request: Request) -> tuple[Response, Member | None]:
        """The answer, and the member that was served; None where it was turned away or refused."""
        now = self.clock()
        try:
            self._check_size(request)
            member, verified = self._authenticated(request, now)
        except Refusal as refusal:
            return self._turned_away(refusal), None
        served: Member | None = member
        try:
            response = self._served(verified, member)
        except Replayed as replayed:
            return self._turned_away(replayed), None
        except Refusal as refusal:
            response, served = refused(refusal), None
        return signed_response(response, request, self.signer, self.clock()), served

    def route_of(self, request: Request) -> str:
        """The path as a log may have it; '-' where there is no such address."""
        path = _path(request)
        return path if any(path == known for _, known in self.routes) else "-"

    def _check_size(self, request: Request) -> None:
        """Before anything is computed over the body."""
        route = self.routes.get((request.method, _path(request)))
        if len(request.body) > (route.bytes_max if route else limits.QUESTION_BYTES_MAX):
            raise TooLarge(OVERSIZE.what)

    def _turned_away(self, refusal: Refusal) -> Response:
        self.counter.signature_failed(refusal.code)
        log.warning("turned away", code=refusal.code, reason=str(refusal))
        return refused(_to_a_stranger(refusal))

    def _authenticated(self, request: Request, now: datetime) -> tuple[Member, VerifiedRequest]:
        """The member whose node keys signed this request, here and now; and the request as signed."""
        ring = self.keys.at(now)
        verified = verified_request(request, self._asked_for(request), ring.find, now)
        return ring.members[verified.key_id], verified

    def _asked_for(self, request: Request) -> str:
        """The one of our own authorities that it names, or ours: then it is refused."""
        asked = canonical_authority(request.authority)
        return next((one for one in self.authorities if canonical_authority(one) == asked), self.authorities[0])

    def _served(self, verified: VerifiedRequest, member: Member) -> Response:
        today = self.clock().date()
        if member.stands(today) is Standing.SUSPENDED:
            measure = member.measure(today)
            reason = measure.reason if measure else member.reason
            raise NotPermitted(f"{member.id} is suspended{reason and f': {reason}'}.", do="Speak to the hub.")
        self.heard_from(member.id)
        # After the signature: nobody can use up nonces of others.
        return self._route(verified.request).serve(verified.request, member, partial(self._note, verified))

    def _note(self, verified: VerifiedRequest, tx: Transaction) -> None:
        tx.nonces.use(verified.key_id, verified.nonce, verified.until, self.clock())

    def _taken(self, serve: Callable[[Request, Member], Response]) -> Callable[[Request, Member, Once], Response]:
        """What only reads has no transaction in which to note that it was asked."""

        def served(request: Request, member: Member, once: Once) -> Response:
            self.take(once)
            return serve(request, member)

        return served

    def _route(self, request: Request) -> Route:
        path = _path(request)
        if route := self.routes.get((request.method, path)):
            return route
        if allowed := tuple(method for method, known in self.routes if known == path):
            raise WrongMethod(request, allowed)
        raise UnknownAddress(f"There is nothing at {path[: limits.CODE_CHARS_MAX]!r}.", do="See docs/protocol.")


def _path(request: Request) -> str:
    """As the table of routes has it: what stands below a log is its files."""
    path = request.target.partition("?")[0]
    return LOGS if path.startswith(f"{LOGS}/") else path


def _to_a_stranger(refusal: Refusal) -> Refusal:
    """One of three answers, the same for every cause."""
    for told in (OVERSIZE, CLOSED):
        if isinstance(refusal, type(told)):
            return told
    return STRANGER
