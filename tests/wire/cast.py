"""The usual cast as nodes with keys from fixed seeds: Aldova asks, Bergenia owns, Corvia must not see, the hub."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from comity.domain.bureau import Directory, Manifest, Member, NodeRole
from comity.domain.caller import Asker, Role
from comity.domain.circumstances import EntityKind, Harm, StatedOffence
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.hit import Priority
from comity.domain.journal import Act, Entry, Receipt
from comity.domain.letter import (
    LANES,
    ConfirmationRequest,
    Lane,
    LateAnswer,
    Letter,
    QuestionWatch,
    QuestionWatchEnd,
)
from comity.domain.lookup import (
    AnswerBatch,
    DocumentQuery,
    Finding,
    FirearmQuery,
    Outcome,
    PersonQuery,
    Question,
    QuestionBatch,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.match import Difference, FieldMatch, Match
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.domain.stated import GivenAssurance, Stated
from comity.keys.pair import PairSigner
from comity.wire.canonical import b64u
from comity.wire.manifest import signed_manifest, verified_manifest
from comity.wire.pair import Level

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CERTIFICATE = (GOLDEN / "certificate.pem").read_text("ascii")


def signer(name: str, level: Level = 65) -> PairSigner:
    """The same keys for the same name, every time."""
    seeds = [hashlib.sha256(f"{name} {level} {which}".encode()).digest() for which in ("classical", "quantum")]
    return PairSigner(seeds[0], seeds[1], level)


def root(name: str) -> PairSigner:
    return signer(name, 87)


def manifest(node: str, country: str = "", role: NodeRole = NodeRole.BUREAU, **changes: object) -> Manifest:
    node_keys, root_keys = signer(node).public, root(node).public
    plain = Manifest(
        node=node,
        name=f"National Bureau {node.title()}",
        role=role,
        country=country,
        version=1,
        issued_at="2026-03-01T08:00:00Z",
        address=f"https://{node}.example:8443",
        contact=f"duty desk, +00 {node}",
        root_ed25519=b64u(root_keys.ed25519),
        root_mldsa87=b64u(root_keys.mldsa),
        node_ed25519=b64u(node_keys.ed25519),
        node_mldsa65=b64u(node_keys.mldsa),
        tls_certificate=CERTIFICATE,
    )
    return msgspec.structs.replace(plain, **changes)


def member(of: Manifest, by: PairSigner | None = None, **changes: object) -> Member:
    signed = signed_manifest(of, by or root(of.node))
    return msgspec.structs.replace(
        Member(manifest=of, signed_manifest=signed, fingerprint=verified_manifest(signed)[1]), **changes
    )


HUB = manifest("hub", role=NodeRole.HUB)
ALDOVA = manifest("aldova", "XA")
BERGENIA = manifest("bergenia", "XB")
CORVIA = manifest("corvia", "XC")
MEMBERS = tuple(member(one) for one in (HUB, ALDOVA, BERGENIA, CORVIA))


def directory(
    *members: Member, version: int = 1, previous: str = "", issued: datetime = NOW, hub: str = "hub"
) -> Directory:
    return Directory(
        hub=hub,
        version=version,
        previous=previous,
        issued_at=issued.isoformat(),
        expires_at=(issued + timedelta(days=7)).isoformat(),
        members=members or MEMBERS,
    )


QUESTION = Question(
    id="0195510c-7a00-7000-8000-000000000001",
    query=DocumentQuery(country="XBE", number="B1234567"),
    purpose=next(iter(Purpose)),
    case="A-2026-17",
    asker=Asker(bureau="aldova", country="XA", unit="border post north", officer="a1", roles=(Role.OFFICER,)),
    asked_at=NOW,
)
NOTHING = SourceAnswer(source="bergenia", question=QUESTION.id, outcome=Outcome.NO_RECORD, took_ms=1.25)
# What a later release asks and answers: each in a file of its own.
LATER = {
    "question_near.json": DocumentQuery(country="XBE", number="B12345G7", near=True),
    "question_engine.json": VehicleQuery(engine_number="M271860", make="Berg", near=True),
    "question_firearm.json": FirearmQuery(
        serial="KLO04711", make="Bergwerk", type=FirearmType.PISTOL, calibre="9x19", near=True
    ),
    "question_person.json": PersonQuery(
        birth="1980-04", place="Tepkudar", height_cm=178, eyes="brown", hair="black", nationality="XB"
    ),
    "question_person_sounds_like.json": PersonQuery(name="Zorvimel Tepkuda", sounds_like=True),
    "question_person_wildcard.json": PersonQuery(name="Zor* Tepkud?", wildcard=True),
    "question_vessel.json": VesselQuery(hull_number="XB-ZZA00017D424", registration="B12345", flag="XB", name="Petrel"),
}
# A later release states what the law may ask about: who asks is of which kind of body, and what else.
STATED = msgspec.structs.replace(
    QUESTION,
    asker=msgspec.structs.replace(QUESTION.asker, entity=EntityKind.BORDER_GUARD),
    offence=StatedOffence(code="robbery", penalty_max_months=60, punishable_in=("XA", "XB")),
    stated=Stated(
        priority=Priority.URGENT,
        language="en",
        necessity="The child is in danger.",
        assurances=(GivenAssurance(against=Harm.DEATH_PENALTY, reference="MOJ-7", until=date(2031, 12, 31)),),
    ),
)
NEAR_MATCH = FieldMatch(
    field="serial", bits=16.0, how="look-alike", asked="KLO04711", found="KL004711", differs=(Difference(2, "O", "0"),)
)
NEAR_FOUND = SourceAnswer(
    source="hub",
    question=QUESTION.id,
    outcome=Outcome.HIT,
    findings=(
        Finding(
            hit="0195510c-7a00-7000-8000-000000000004",
            owner="bergenia",
            contact="the duty desk",
            category="firearms",
            level=ReplyLevel.CORE,
            collection="firearms",
            record="0195510c-7a00-7000-8000-000000000005",
            reference="BE-F-1",
            version=1,
            subject=Firearm(serial="KL004711", make="Bergwerk", status=FirearmStatus.STOLEN),
            match=Match(probability=0.5, bits=0.0, fields=(NEAR_MATCH,)),
        ),
    ),
    took_ms=1.25,
)
LETTER = Letter(
    id="0195510c-7a00-7000-8000-000000000002",
    sender="aldova",
    recipient="bergenia",
    lane=Lane.URGENT,
    sequence=1,
    written_at=NOW,
    expires_at=NOW + timedelta(days=30),
    body=ConfirmationRequest(
        hit="0195510c-7a00-7000-8000-000000000003",
        question=QUESTION.id,
        asker_unit="border post north",
        purpose=QUESTION.purpose,
        case=QUESTION.case,
        answered_by="hub",
        priority=Priority.URGENT,
    ),
)
ENTRY = Entry(act=Act.LOOKUP_ANSWERED, at=NOW, actor="bergenia", for_whom="aldova", subject=QUESTION.id, outcome="hit")
SALT = bytes(range(32))

ELSEWHERE = msgspec.structs.replace(QUESTION, id="0195510c-7a00-7000-8000-000000000004", purpose=Purpose.LOCATE)
FOUND = SourceAnswer(
    source="bergenia",
    question=QUESTION.id,
    outcome=Outcome.HIT,
    findings=(
        Finding(
            hit="0195510c-7a00-7000-8000-000000000003",
            owner="bergenia",
            contact="duty desk of Bergenia",
            category="travel-documents",
            level=ReplyLevel.HIT,
        ),
    ),
    receipt=Receipt(origin="bergenia/disclosures", index=7, leaf="ab" * 32),
)
# Letters of a later release, each in a file of its own.
LATER_LETTERS = {
    "letter_late_answer.json": LateAnswer(answer=FOUND),
    "letter_question_watch.json": QuestionWatch(question=QUESTION, until=date(2031, 6, 30)),
    "letter_question_watch_end.json": QuestionWatchEnd(question=QUESTION.id),
}
QUESTION_BATCH = QuestionBatch(questions=(QUESTION, ELSEWHERE))
ANSWER_BATCH = AnswerBatch(answers=(FOUND, msgspec.structs.replace(NOTHING, question=ELSEWHERE.id)))


def later_letter(name: str) -> Letter:
    body = LATER_LETTERS[name]
    return msgspec.structs.replace(LETTER, body=body, lane=LANES[type(body)])
