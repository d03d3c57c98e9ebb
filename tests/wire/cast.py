"""The usual cast as nodes with keys from fixed seeds: Aldova asks, Bergenia owns, Corvia must not see, the hub."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from comity.domain.bulletin import ProposalState, Publication
from comity.domain.bureau import Directory, Manifest, Measure, Member, NodeRole, Standing
from comity.domain.caller import Asker, Role
from comity.domain.circumstances import EntityKind, Harm, StatedOffence, Use
from comity.domain.collection import Category
from comity.domain.consent import Terms
from comity.domain.disclosed import sealed_entry
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.hit import Priority
from comity.domain.incident import IncidentKind, IncidentTold, Severity
from comity.domain.journal import Act, Entry, Opening, Receipt
from comity.domain.letter import (
    LANES,
    ConfirmationAnswer,
    ConfirmationReply,
    ConfirmationRequest,
    ConsentAnswer,
    ConsentRequest,
    HitAlert,
    IncidentNotice,
    Lane,
    LateAnswer,
    LawAnswer,
    LawProposal,
    LawSubmission,
    Letter,
    LetterParked,
    LetterRecall,
    LetterReviewed,
    LettersLost,
    LetterVoid,
    OverrideNotice,
    OverrideSeen,
    PassedOn,
    PassingReceipt,
    PassingWithdrawn,
    QuestionReviewed,
    QuestionWatch,
    QuestionWatchEnd,
    RecordPassed,
    RecordsReceipt,
    RecordsShare,
    RecordsWithdraw,
    RightsAnswer,
    RightsConsultation,
    RowRefused,
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
from comity.domain.marking import Handling, Marking
from comity.domain.match import Difference, FieldMatch, Match
from comity.domain.override import OverrideKind, OverrideTold
from comity.domain.promise import Promise
from comity.domain.purpose import Purpose
from comity.domain.record import Header, Record, Withdrawal, WithdrawalReason
from comity.domain.reply import ReplyLevel
from comity.domain.rights import RightsKind, SourceWord
from comity.domain.stated import GivenAssurance, Stated, StatedOverride
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
# A later release says which overrides at the asker hold before the asker's own law.
OVERRIDDEN = msgspec.structs.replace(
    STATED,
    overrides=(
        StatedOverride(
            id="0195510c-7a00-7000-8000-000000000008",
            kind=OverrideKind.MINISTERIAL,
            against=Harm.DEATH_PENALTY,
            persons=("one", "another"),
            reason="the minister agreed",
            until=date(2031, 3, 9),
        ),
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
PROMISE = Promise(
    source="bergenia",
    question=QUESTION.id,
    origin="bergenia/disclosures",
    index=7,
    leaf="ab" * 32,
    at=NOW,
    merge_within_seconds=60,
)
SEALED_NOTED = Opening(
    index=9, salt=b64u(bytes(range(32))), entry=sealed_entry("aldova", "bergenia", {"letter-1": "cd" * 32}, NOW)
)
PASSING = "0195510c-7a00-7000-8000-000000000006"
RECORD = "0195510c-7a00-7000-8000-000000000005"
CONSENT = "0195510c-7a00-7000-8000-000000000007"
OVERRIDE = "0195510c-7a00-7000-8000-000000000008"
CONSULTATION = "0195510c-7a00-7000-8000-00000000000b"
TERMS = Terms(record=RECORD, use=Use.ONWARD, purpose=Purpose.CRIMINAL_INVESTIGATION, recipient="XC")
DOCUMENT = '{"payload":"e30","signatures":[]}'  # of law: what a letter carries is read by whoever gets it
# Letters of a later release, each in a file of its own.
LATER_LETTERS = {
    "letter_law_submission.json": LawSubmission(what=Publication.WITHDRAWAL, document=DOCUMENT),
    "letter_law_proposal.json": LawProposal(document=DOCUMENT),
    "letter_law_answer.json": LawAnswer(digest="a" * 64, state=ProposalState.WAITING, note="It waits for Bergenia."),
    "letter_hit_alert.json": HitAlert(
        hit="0195510c-7a00-7000-8000-000000000004",
        question=QUESTION.id,
        asker="aldova",
        asker_unit="border post north",
        collection="firearms",
        record=RECORD,
        reference="BE-F-1",
        purpose=QUESTION.purpose,
        case=QUESTION.case,
        level="core",
        found_at=NOW,
    ),
    "letter_confirmation_answer.json": ConfirmationAnswer(
        hit="0195510c-7a00-7000-8000-000000000004", reply=ConfirmationReply.PROMISED, by=NOW + timedelta(hours=1)
    ),
    "letter_records_share.json": RecordsShare(
        share="0195510c-7a00-7000-8000-00000000000a",
        records=(
            Record(
                header=Header(
                    id=RECORD,
                    collection="firearms",
                    source="aldova",
                    country="XA",
                    reference="BE-F-1",
                    version=1,
                    entered_at=NOW,
                    amended_at=NOW,
                    retain_until=date(2041, 3, 1),
                    review_at=date(2040, 9, 1),
                    contact="the duty desk",
                ),
                subject=Firearm(serial="KL004711", make="Bergwerk", status=FirearmStatus.STOLEN),
            ),
        ),
    ),
    "letter_records_withdraw.json": RecordsWithdraw(
        share="0195510c-7a00-7000-8000-00000000000a",
        withdrawals=(
            Withdrawal(
                id=RECORD,
                collection="firearms",
                source="aldova",
                reference="BE-F-1",
                version=1,
                reason=WithdrawalReason.RECOVERED,
                withdrawn_at=NOW,
            ),
        ),
    ),
    "letter_records_receipt.json": RecordsReceipt(
        share="0195510c-7a00-7000-8000-00000000000a",
        stored=1,
        erased=0,
        refused=(RowRefused(record=RECORD, reason="it is not yours"),),
    ),
    "letter_parked.json": LetterParked(letter=QUESTION.id, unknown_kind="of-a-later-release"),
    "letters_lost.json": LettersLost(lane=Lane.BULK, first=3, last=7, since=NOW),
    "letter_reviewed.json": LetterReviewed(letter=QUESTION.id, about=RECORD, state="refused", reason="no such case"),
    "letter_recall.json": LetterRecall(letter=QUESTION.id, reason="sent to the wrong bureau"),
    "letter_void.json": LetterVoid(was="confirmation-request"),
    "letter_consent_request.json": ConsentRequest(consent=CONSENT, terms=TERMS, reason="the suspect is there"),
    "letter_consent_answer.json": ConsentAnswer(consent=CONSENT, terms=TERMS, given=True, until=date(2031, 6, 30)),
    "letter_incident_notice.json": IncidentNotice(
        notice=IncidentTold(
            id=CONSULTATION,
            kind=IncidentKind.STOLEN_KEY,
            severity=Severity.HIGH,
            personal=True,
            known_at=NOW,
            what="A laptop with a token was stolen.",
        )
    ),
    "letter_rights_consultation.json": RightsConsultation(
        consultation=CONSULTATION,
        record=RECORD,
        asks=RightsKind.DELETION,
        said="The case was closed.",
        by=NOW + timedelta(days=30),
    ),
    "letter_rights_answer.json": RightsAnswer(
        consultation=CONSULTATION,
        word=SourceWord(disclose=True, agrees=True, told="A passport.", note="closed in 2025"),
    ),
    "letter_override_notice.json": OverrideNotice(
        notice=OverrideTold(
            id=OVERRIDE,
            kind=OverrideKind.EMERGENCY,
            against=Harm.DEATH_PENALTY,
            bureau="aldova",
            case="XA-7",
            reason="a life is in danger",
            until=date(2031, 3, 9),
            confirmed_at=NOW,
        )
    ),
    "letter_override_seen.json": OverrideSeen(override=OVERRIDE),
    "letter_passed_on.json": PassedOn(
        passing=PASSING,
        record=RECORD,
        hit="0195510c-7a00-7000-8000-000000000004",
        recipient="corvia",
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        case="XC-1",
        consent=CONSENT,
        until=date(2031, 6, 30),
    ),
    "letter_passing_receipt.json": PassingReceipt(passing=PASSING, stored=True),
    "letter_passing_withdrawn.json": PassingWithdrawn(passing=PASSING, reason="the consent was taken back"),
    "letter_question_reviewed.json": QuestionReviewed(question=QUESTION.id, outcome=Outcome.NO_RECORD),
    "letter_record_passed.json": RecordPassed(
        passing=PASSING,
        finding=msgspec.structs.replace(
            NEAR_FOUND.findings[0],
            marking=Marking(handling=(Handling.H2,)),
            match=None,
            obligations=("no-onward-without-permission",),
        ),
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        case="XC-1",
        consent=CONSENT,
        until=date(2031, 6, 30),
    ),
    "letter_late_answer.json": LateAnswer(answer=FOUND),
    "letter_question_watch.json": QuestionWatch(question=QUESTION, until=date(2031, 6, 30)),
    "letter_question_watch_end.json": QuestionWatchEnd(question=QUESTION.id),
}
QUESTION_BATCH = QuestionBatch(questions=(QUESTION, ELSEWHERE))
ANSWER_BATCH = AnswerBatch(answers=(FOUND, msgspec.structs.replace(NOTHING, question=ELSEWHERE.id)))


# As the hub signs it beside the directory that stands in directory.json.
MEASURE = Measure(
    id="0195510c-7a00-7000-8000-000000000009",
    member="aldova",
    standing=Standing.RESTRICTED,
    reason="too many questions",
    decided_by="legal office",
    first_day=date(2031, 3, 1),
    last_day=date(2031, 6, 30),
    categories=(Category.PERSONS,),
)


def measured() -> Directory:
    """The directory of all the others with a measure against Aldova."""
    plain = directory()
    members = tuple(
        msgspec.structs.replace(one, measures=(MEASURE,) if one.id == MEASURE.member else ()) for one in plain.members
    )
    return msgspec.structs.replace(plain, members=members)


def later_letter(name: str) -> Letter:
    body = LATER_LETTERS[name]
    return msgspec.structs.replace(LETTER, body=body, lane=LANES[type(body)])
