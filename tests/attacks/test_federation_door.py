"""Attacks on the door for other nodes: nobody comes in, or speaks, as somebody else, twice, late or too loudly."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from comity.desks.needs import Once
from comity.domain import limits
from comity.domain.bureau import Directory, Member
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Replayed, Unavailable
from comity.domain.letter import Lane, Letter, LetterParked, Parked
from comity.domain.lookup import Outcome, Question, QuestionBatch, SourceAnswer
from comity.domain.problem import read_problem
from comity.peers.ask import MemberSource
from comity.peers.exchange import Exchange
from comity.testing.federation_line import LossyLine
from comity.web.federation.door import FederationDoor
from comity.web.metrics import Metrics
from comity.wire import letter as wire_letter
from comity.wire.acknowledgement import read_acknowledgement, read_place
from comity.wire.bulletin import read_page
from comity.wire.http import Request, Response
from comity.wire.manifest import node_pair
from comity.wire.question import read_answer, read_answers, write_question, write_questions
from comity.wire.signature import signed_request, signed_response, verified_response
from tests.peers.federation import NOW, Clock, Entropy, Station, directory, question, station
from tests.wire.law_cast import ITEMS

DOCS = Path(__file__).parents[2] / "docs" / "protocol"
ALDOVA, BERGENIA, CORVIA = station("aldova"), station("bergenia"), station("corvia")
QUESTIONS, LETTERS = "/federation/v1/questions", "/federation/v1/letters"
QUESTION_BATCHES = "/federation/v1/question-batches"
DISCLOSURES = "/federation/v1/logs/disclosures"


class Desk:
    """What comes through to the desks of the node under attack."""

    def __init__(self, node: str) -> None:
        self.node = node
        self.asked: list[Question] = []
        self.letters: list[Letter | Parked] = []
        self.refuses: Exception | None = None

    def answer(self, asked: Question, member: Member, once: Once) -> SourceAnswer:
        once(self.shelves)
        self.asked.append(asked)
        if self.refuses:
            raise self.refuses
        return SourceAnswer(source=self.node, question=asked.id, outcome=Outcome.NO_RECORD)

    def answer_many(self, questions: Sequence[Question], member: Member, once: Once) -> list[SourceAnswer]:
        once(self.shelves)
        self.asked.extend(questions)
        return [SourceAnswer(source=self.node, question=one.id, outcome=Outcome.NO_RECORD) for one in questions[:2]]

    def receive(self, letter: Letter | Parked, sender: Member, once: Once) -> None:
        once(self.shelves)
        if self.refuses:
            raise self.refuses
        self.letters.append(letter)

    def expected(self, sender: Member, lane: Lane) -> int:
        return len(self.letters) + 1


class Nonces:
    def __init__(self) -> None:
        self.used: dict[tuple[str, str], datetime] = {}

    def use(self, key_id: str, nonce: str, until: datetime, now: datetime) -> None:
        if (key_id, nonce) in self.used:
            raise Replayed("This came before.")
        self.used[key_id, nonce] = until


DIGEST = "a" * 64  # of the one document that Bergenia publishes, were it a hub


class Node:
    """Bergenia's door (or another's) with everything behind it in plain sight."""

    def __init__(self, own: Station = BERGENIA, held: Directory | None = None) -> None:
        self.clock, self.desk, self.nonces = Clock(), Desk(own.name), Nonces()
        self.desk.shelves = SimpleNamespace(nonces=self.nonces)
        self.heard: list[str] = []
        self.held: Directory | None = held or directory()
        self.published: tuple[int, bytes] | None = None
        self.measures = b""
        self.head = b""
        self.files: dict[tuple[str, str], bytes] = {}
        self.door = FederationDoor(
            counter=Metrics(),
            node=own.name,
            authority=own.authority,
            signer=own.signer,
            clock=self.clock,
            directory=lambda: self.held,
            take=lambda once: once(self.desk.shelves),
            heard_from=self.heard.append,
            answering=self.desk,
            promised=lambda answer: answer,
            letters=self.desk,
            postroom=None,  # type: ignore[arg-type]  # nobody brings sealed letters here
            file_room=None,  # type: ignore[arg-type]
            published_directory=lambda: self.published,
            published_measures=lambda: self.measures,
            key_page=lambda after, root: None,
            publish_keys=lambda document, member: 0,
            renew=lambda signed, member: False,
            bulletin=lambda after: (self.head, ITEMS[after:] if self.head else ()),
            law_document={DIGEST: b"signed law"}.get,
            log_file=self.log_file,
            witness=None,  # type: ignore[arg-type]
            openings=lambda letters, member: [],
            reconcile=lambda asked, member: b"",
        )

    def log_file(self, log: str, path: str) -> bytes:
        if (log, path) not in self.files:
            raise Missing("There is no such tile.")
        return self.files[log, path]


@pytest.fixture
def bergenia() -> Node:
    return Node()


def asked(
    by: Station = ALDOVA,
    to: Station = BERGENIA,
    body: bytes | None = None,
    target: str = QUESTIONS,
    at: datetime = NOW,
    nonce: bytes = b"n" * 16,
    method: str = "POST",
) -> Request:
    """A request as an honest node makes it."""
    content = write_question(question()) if body is None else body
    headers = {"content-type": "application/json"} if content else {}
    request = Request(method=method, authority=to.authority, target=target, headers=headers, body=content)
    return signed_request(request, by.signer, at, nonce)


def got(target: str, nonce: bytes = b"g" * 16) -> Request:
    return asked(body=b"", target=target, method="GET", nonce=nonce)


def letter(sender: str = "aldova", recipient: str = "bergenia", sequence: int = 1) -> Letter:
    return Letter(
        id=f"letter-{sequence}",
        sender=sender,
        recipient=recipient,
        lane=Lane.BULK,
        sequence=sequence,
        written_at=NOW,
        expires_at=NOW + timedelta(days=30),
        body=LetterParked(letter="l", unknown_kind="song"),
    )


def brought(written: Letter, signer: Station = ALDOVA, by: Station = ALDOVA) -> Request:
    return asked(by=by, body=wire_letter.write(written, signer.signer), target=LETTERS)


def turned_away(response: Response) -> bool:
    """Unsigned, and the very bytes that everyone gets who is not let in."""
    stranger = Node().door(Request(method="GET", authority="bergenia.example:8443", target="/", headers={}))
    return (
        response.status == 401
        and response.body == stranger.body
        and response.headers == stranger.headers
        and "signature" not in response.headers
    )


def code(response: Response) -> str:
    problem = read_problem(response.body)
    return problem.code if problem else ""


def signed_by(response: Response, node: Station, request: Request) -> Response:
    return verified_response(response, request, node_pair(node.member.manifest), NOW)


# -- what an honest member gets -------------------------------------------------------------------------------------


def test_a_member_gets_an_answer_signed_for_its_question(bergenia):
    request = asked()
    response = signed_by(bergenia.door(request), BERGENIA, request)
    assert read_answer(response.body) == SourceAnswer(
        source="bergenia", question=question().id, outcome=Outcome.NO_RECORD
    )
    assert bergenia.heard == ["aldova"]


def test_a_letter_is_acknowledged_by_its_id_and_number(bergenia):
    request = brought(letter(sequence=7))
    response = signed_by(bergenia.door(request), BERGENIA, request)
    assert bergenia.desk.letters == [letter(sequence=7)]
    taken = read_acknowledgement(response.body)
    assert (taken.letter, taken.sequence) == ("letter-7", 7)


def test_a_sender_learns_where_it_stands_in_a_lane(bergenia):
    request = got(f"{LETTERS}?lane=urgent")
    place = read_place(signed_by(bergenia.door(request), BERGENIA, request).body)
    assert (place.lane, place.expected) == (Lane.URGENT, 1)


@pytest.mark.parametrize("query", ["", "?lane=", "?lane=slow", "?lane=urgent&lane=bulk"])
def test_an_unknown_lane_is_refused(bergenia, query):
    assert code(bergenia.door(got(LETTERS + query))) == "invalid"


def test_the_directory_is_given_only_where_it_is_newer(bergenia):
    bergenia.published = (5, b"signed directory")
    newer = bergenia.door(got("/federation/v1/directory?after=4"))
    assert (newer.status, newer.body) == (200, b"signed directory")
    same = got("/federation/v1/directory?after=5", nonce=b"h" * 16)
    assert signed_by(bergenia.door(same), BERGENIA, same).status == 304


@pytest.mark.parametrize("after", ["", "-1", "x", "%D9%A3", "1&after=2", "9" * 40])
def test_a_version_that_is_none_is_refused(bergenia, after):
    bergenia.published = (5, b"signed directory")
    assert code(bergenia.door(got(f"/federation/v1/directory?after={after}"))) == "invalid"


def test_a_node_that_is_no_hub_keeps_no_directory_for_others(bergenia):
    assert code(bergenia.door(got("/federation/v1/directory"))) == "missing"
    assert code(bergenia.door(got("/federation/v1/measures", nonce=b"h" * 16))) == "missing"


def test_the_measures_are_given_as_they_were_signed(bergenia):
    bergenia.measures = b"signed measures"
    given = bergenia.door(got("/federation/v1/measures"))
    assert (given.status, given.body) == (200, b"signed measures")


def test_the_bulletin_is_given_from_the_place_that_is_asked_for(bergenia):
    assert code(bergenia.door(got("/federation/v1/bulletin"))) == "missing"
    bergenia.head = b"signed head"
    page = read_page(bergenia.door(got("/federation/v1/bulletin?after=2", nonce=b"h" * 16)).body)
    assert (page.head, page.items) == ("signed head", ITEMS[2:])
    assert code(bergenia.door(got("/federation/v1/bulletin?after=x", nonce=b"i" * 16))) == "invalid"


def test_a_document_of_law_is_given_by_its_digest_alone(bergenia):
    assert bergenia.door(got(f"/federation/v1/law?digest={DIGEST}")).body == b"signed law"
    assert code(bergenia.door(got(f"/federation/v1/law?digest={'b' * 64}", nonce=b"h" * 16))) == "missing"
    for wrong in ("", "?digest=", "?digest=../keys", f"?digest={DIGEST}&digest={DIGEST}", f"?digest={DIGEST.upper()}"):
        nonce = hashlib.sha256(wrong.encode()).digest()[:16]
        assert code(bergenia.door(got(f"/federation/v1/law{wrong}", nonce=nonce))) == "invalid"


def test_files_of_a_log_are_given_to_members_as_they_are(bergenia):
    assert code(bergenia.door(got(f"{DISCLOSURES}/tile/0/000"))) == "missing"
    bergenia.files = {("disclosures", "checkpoint"): b"signed note", ("disclosures", "tile/0/000"): b"hashes"}
    response = bergenia.door(got(f"{DISCLOSURES}/checkpoint", nonce=b"h" * 16))
    assert (response.status, response.body) == (200, b"signed note")
    response = bergenia.door(got(f"{DISCLOSURES}/tile/0/000", nonce=b"i" * 16))
    assert (response.body, "immutable" in response.headers["cache-control"]) == (b"hashes", True)
    for wrong in (f"{DISCLOSURES}/", f"{DISCLOSURES}/../keys", "/federation/v1/logs/", f"{DISCLOSURES}/tile/0/000?x"):
        nonce = hashlib.sha256(wrong.encode()).digest()[:16]
        assert code(bergenia.door(got(wrong, nonce=nonce))) == "missing"


def test_a_refusal_of_a_desk_reaches_the_member_signed(bergenia):
    bergenia.desk.refuses = NotPermitted("Article 9 forbids it.", do="Ask by letter.", clauses=("art-9",))
    request = asked()
    response = signed_by(bergenia.door(request), BERGENIA, request)
    problem = read_problem(response.body)
    assert problem is not None
    assert (problem.code, problem.detail, problem.clauses) == ("not-permitted", "Article 9 forbids it.", ("art-9",))


def many(*questions: Question, **more: object) -> Request:
    return asked(body=write_questions(QuestionBatch(questions=questions)), target=QUESTION_BATCHES, **more)


def test_many_questions_are_answered_in_their_order_as_many_as_fit(bergenia):
    all_ = [question(number=f"X123456{digit}") for digit in range(3)]
    request = many(*all_)
    answers = read_answers(signed_by(bergenia.door(request), BERGENIA, request).body).answers
    assert [one.question for one in answers] == [one.id for one in all_[:2]]
    assert code(bergenia.door(request)) == "unauthenticated"  # it came twice


@pytest.mark.parametrize(("bureau", "country"), [("corvia", "XC"), ("aldova", "XC"), ("corvia", "XA")])
def test_one_question_of_many_in_anothers_name_refuses_all(bergenia, bureau, country):
    request = many(question(), question(asker=bureau, country=country, number="X7654321"))
    assert code(bergenia.door(request)) == "not-permitted"
    assert not bergenia.desk.asked


def test_more_questions_than_the_limit_or_none_are_refused(bergenia):
    some = [question(number=f"X{number:07d}") for number in range(limits.QUESTIONS_PER_BATCH_MAX + 1)]
    assert code(bergenia.door(many(*some))) == "invalid"
    assert code(bergenia.door(many(nonce=b"m" * 16))) == "invalid"
    assert not bergenia.desk.asked


def test_a_letter_out_of_turn_is_a_signed_conflict(bergenia):
    bergenia.desk.refuses = Conflict("Letter 3 is expected.")
    request = brought(letter(sequence=5))
    assert signed_by(bergenia.door(request), BERGENIA, request).status == 409


def test_every_address_is_described_and_no_other():
    described = set(
        re.findall(r"`(GET|POST|PATCH|DELETE) (/federation/v1/[a-z-]+)`", (DOCS / "asking.md").read_text("utf-8"))
    )
    assert described == Node().door.routes.keys()


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asked(target="/federation/v1/nothing"), "unknown-address"),
        (asked(target="/federation/v1/directory", body=b""), "wrong-method"),
    ],
)
def test_what_is_not_there_is_said_to_members_only(bergenia, request_, expected):
    assert code(bergenia.door(request_)) == expected
    assert turned_away(Node().door(msgspec.structs.replace(request_, headers={})))


def test_a_log_gets_the_address_without_what_was_asked(bergenia):
    assert bergenia.door.route_of(got(f"{LETTERS}?lane=bulk")) == LETTERS
    assert bergenia.door.route_of(got("/secret/file")) == "-"


# -- who signed? ----------------------------------------------------------------------------------------------------


def test_a_forged_signature_is_turned_away(bergenia):
    """Corvia signs with its own keys and claims Aldova's."""
    forger = signed_request(asked(), CORVIA.signer, NOW, b"n" * 16)
    true_ids, false_ids = ALDOVA.signer.public.key_ids, CORVIA.signer.public.key_ids
    claimed = forger.headers["signature-input"]
    for true_id, false_id in zip(true_ids, false_ids, strict=True):
        claimed = claimed.replace(false_id, true_id)
    headers = {**forger.headers, "signature-input": claimed}
    assert turned_away(bergenia.door(msgspec.structs.replace(forger, headers=headers)))
    assert not bergenia.desk.asked


def test_an_unknown_key_is_turned_away(bergenia):
    assert turned_away(bergenia.door(asked(by=station("aldova", keys="stolen"))))
    assert not bergenia.desk.asked


def test_a_member_that_left_the_directory_is_turned_away(bergenia):
    assert bergenia.door(asked()).status == 200
    bergenia.held = directory("hub", "bergenia", version=2)
    assert turned_away(bergenia.door(asked(nonce=b"m" * 16)))


def test_an_unsigned_request_is_turned_away(bergenia):
    assert turned_away(bergenia.door(msgspec.structs.replace(asked(), headers={"content-type": "application/json"})))
    assert not bergenia.desk.asked


@pytest.mark.parametrize("kept", ["ed25519", "ml-dsa-65"])
def test_one_of_two_signatures_stripped_is_turned_away(bergenia, kept):
    request = asked()
    only = {
        name: next(part for part in re.split(r", (?=ml-dsa-65=)", request.headers[name]) if part.startswith(kept))
        for name in ("signature", "signature-input")
    }
    assert turned_away(bergenia.door(msgspec.structs.replace(request, headers={**request.headers, **only})))
    assert not bergenia.desk.asked


# -- is it what was signed? -----------------------------------------------------------------------------------------


def test_a_changed_body_is_turned_away(bergenia):
    other = write_question(question(number="X7654321"))
    assert turned_away(bergenia.door(msgspec.structs.replace(asked(), body=other)))
    assert not bergenia.desk.asked


def test_a_changed_body_with_its_digest_is_turned_away(bergenia):
    other = asked(body=write_question(question(number="X7654321")))
    headers = {**asked().headers, "content-digest": other.headers["content-digest"]}
    assert turned_away(bergenia.door(msgspec.structs.replace(other, headers=headers)))


def test_a_changed_target_is_turned_away(bergenia):
    assert turned_away(bergenia.door(msgspec.structs.replace(asked(), target=LETTERS)))


# -- for us, now, once? ---------------------------------------------------------------------------------------------


def test_a_replayed_request_is_turned_away(bergenia):
    request = asked()
    assert bergenia.door(request).status == 200
    assert turned_away(bergenia.door(request))
    assert len(bergenia.desk.asked) == 1


def test_a_nonce_is_kept_until_its_signature_can_no_longer_pass(bergenia):
    request = asked()
    bergenia.door(request)
    until = next(iter(bergenia.nonces.used.values()))
    bergenia.clock.now = until
    bergenia.nonces.used.clear()
    assert turned_away(bergenia.door(request))


def test_a_nonce_is_not_used_up_by_whoever_cannot_sign(bergenia):
    bergenia.door(msgspec.structs.replace(asked(), body=b"{}"))
    assert not bergenia.nonces.used
    assert bergenia.door(asked()).status == 200


def test_a_request_to_another_node_is_turned_away_here():
    """Aldova asked Bergenia; Bergenia passes the signed question on to Corvia to read its answer."""
    corvia = Node(CORVIA)
    assert turned_away(corvia.door(asked(to=BERGENIA)))
    redirected = msgspec.structs.replace(asked(to=BERGENIA), authority=CORVIA.authority)
    assert turned_away(corvia.door(redirected))
    assert not corvia.desk.asked


def test_an_expired_signature_is_turned_away(bergenia):
    bergenia.clock.go_on(limits.SIGNATURE_LIFETIME_SECONDS + limits.CLOCK_SKEW_SECONDS_MAX + 1)
    assert turned_away(bergenia.door(asked()))


def test_a_clock_ahead_is_turned_away(bergenia):
    ahead = NOW + timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX + 1)
    assert turned_away(bergenia.door(asked(at=ahead)))


def test_clocks_may_differ_a_little(bergenia):
    ahead = NOW + timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX - 1)
    assert bergenia.door(asked(at=ahead)).status == 200


# -- may they? ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [QUESTIONS, LETTERS])
def test_a_suspended_member_is_refused_with_the_reason(bergenia, target):
    bergenia.held = directory(suspended="aldova")
    body = None if target == QUESTIONS else wire_letter.write(letter(), ALDOVA.signer)
    request = asked(target=target, body=body)
    response = signed_by(bergenia.door(request), BERGENIA, request)
    problem = read_problem(response.body)
    assert problem is not None
    assert (response.status, problem.detail) == (403, "aldova is suspended: keys were stolen.")
    assert (bergenia.desk.asked, bergenia.desk.letters, bergenia.heard) == ([], [], [])


@pytest.mark.parametrize(("asker", "country"), [("corvia", "XC"), ("corvia", "XA"), ("aldova", "XC"), ("aldova", "")])
def test_a_question_in_anothers_name_is_refused(bergenia, asker, country):
    request = asked(body=write_question(question(asker, country)))
    assert code(signed_by(bergenia.door(request), BERGENIA, request)) == "not-permitted"
    assert not bergenia.desk.asked


def test_a_directory_out_of_date_lets_nobody_in(bergenia):
    bergenia.held = directory(issued_at=NOW - timedelta(days=limits.DIRECTORY_DAYS_MAX))
    response = bergenia.door(asked())
    assert (response.status, code(response), "signature" in response.headers) == (503, "unavailable", False)
    assert not bergenia.desk.asked


def test_without_a_directory_nobody_is_let_in(bergenia):
    bergenia.held = None
    assert bergenia.door(asked()).status == 503


def test_a_copied_key_does_not_push_its_owner_out(bergenia):
    """Corvia names Aldova's Ed25519 key in its own manifest: Aldova's requests must not be taken for Corvia's."""
    copied = msgspec.structs.replace(
        CORVIA.member.manifest, node_ed25519=ALDOVA.member.manifest.node_ed25519, version=2
    )
    members = directory().members[:-1]
    thief = msgspec.structs.replace(CORVIA.member, manifest=copied)
    bergenia.held = msgspec.structs.replace(directory(version=2), members=(*members, thief))
    assert bergenia.door(asked()).status == 200


# -- letters --------------------------------------------------------------------------------------------------------


def test_a_letter_of_another_sender_in_a_valid_request_is_refused(bergenia):
    """Corvia brings, in a request of its own, a letter that Aldova signed for Bergenia."""
    request = brought(letter(), signer=ALDOVA, by=CORVIA)
    response = signed_by(bergenia.door(request), BERGENIA, request)
    assert response.status in (400, 401, 403)
    assert not bergenia.desk.letters


def test_a_letter_in_anothers_name_is_refused(bergenia):
    request = brought(letter(sender="corvia"))
    assert bergenia.door(request).status in (400, 401, 403)
    assert not bergenia.desk.letters


def test_a_letter_to_another_recipient_is_refused(bergenia):
    """Aldova's letter to Corvia, which Corvia would like Bergenia to believe is for it."""
    assert bergenia.door(brought(letter(recipient="corvia"))).status in (400, 401, 403)
    assert not bergenia.desk.letters


# -- size -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "bytes_max"),
    [
        (QUESTIONS, limits.QUESTION_BYTES_MAX),
        (LETTERS, limits.LETTER_BYTES_MAX),
        ("/federation/v1/nothing", limits.QUESTION_BYTES_MAX),
    ],
)
def test_an_oversize_body_is_turned_away_before_anything_is_computed(bergenia, target, bytes_max):
    response = bergenia.door(asked(target=target, body=b" " * (bytes_max + 1)))
    assert (response.status, code(response), "signature" in response.headers) == (413, "too-large", False)
    assert not bergenia.nonces.used


def test_a_body_where_none_belongs_is_turned_away(bergenia):
    request = asked(target="/federation/v1/directory", method="GET", body=b"{}")
    assert bergenia.door(request).status == 413


# -- the answers ----------------------------------------------------------------------------------------------------


def asking(door: Callable[[Request], Response], clock: Clock) -> MemberSource:
    exchange = Exchange(LossyLine({"bergenia": door}), ALDOVA.signer, clock, Entropy())
    return MemberSource(BERGENIA.member, exchange)


def test_an_answer_swapped_between_two_questions_counts_as_silence(bergenia):
    kept: list[Response] = []

    def swapping(request: Request) -> Response:
        kept.append(bergenia.door(request))
        return kept[0]

    source = asking(swapping, bergenia.clock)
    assert source.ask(question(), 1.0).outcome is Outcome.NO_RECORD
    with pytest.raises(Unavailable, match="not proved to be its answer"):
        source.ask(question(number="X7654321"), 1.0)


def test_a_response_replayed_to_the_same_question_counts_as_silence(bergenia):
    kept: list[Response] = []

    def replaying(request: Request) -> Response:
        kept.append(bergenia.door(request))
        return kept[0]

    source = asking(replaying, bergenia.clock)
    source.ask(question(), 1.0)
    with pytest.raises(Unavailable, match="not proved to be its answer"):
        source.ask(question(), 1.0)


def test_an_answer_of_another_node_counts_as_silence():
    """Whoever sits on the line to Bergenia answers as Corvia, or with keys of its own."""
    corvia = Node(CORVIA)

    def answering(request: Request) -> Response:
        answer = SourceAnswer(source="bergenia", question=question().id, outcome=Outcome.NO_RECORD)
        body = msgspec.json.encode(answer)
        response = Response(status=200, headers={"content-type": "application/json"}, body=body)
        return signed_response(response, request, CORVIA.signer, NOW)

    with pytest.raises(Unavailable, match="not proved to be its answer"):
        asking(answering, corvia.clock).ask(question(), 1.0)


def test_a_changed_answer_counts_as_silence(bergenia):
    def changing(request: Request) -> Response:
        response = bergenia.door(request)
        return msgspec.structs.replace(response, body=response.body.replace(b"no-record", b"refused"))

    with pytest.raises(Unavailable, match="not proved to be its answer"):
        asking(changing, bergenia.clock).ask(question(), 1.0)


def test_an_unsigned_refusal_counts_as_silence_and_not_as_a_refusal(bergenia):
    def refusing(_: Request) -> Response:
        problem = b'{"type":"urn:comity:refusal:not-permitted","title":"no","status":403}'
        return Response(status=403, headers={"content-type": "application/problem+json"}, body=problem)

    with pytest.raises(Unavailable, match=r"without a signature \(status 403\)"):
        asking(refusing, bergenia.clock).ask(question(), 1.0)


def test_a_signed_refusal_is_the_refusal(bergenia):
    bergenia.desk.refuses = Invalid("The purpose is unknown.", where="purpose")
    with pytest.raises(Invalid, match="The purpose is unknown"):
        asking(bergenia.door, bergenia.clock).ask(question(), 1.0)
