"""A bureau's desks with what they were asked and what they answer: the door's other side in its tests."""

from datetime import UTC, datetime, timedelta

from comity.domain.caller import Caller, Role
from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.errors import Conflict, Missing, NotPermitted, Unauthenticated
from comity.domain.hit import Hit, Priority, Side
from comity.domain.lookup import Answer, Finding, LookupRequest, Outcome, Reason, SourceAnswer
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.web.metrics import Metrics
from comity.web.officer.needs import Desks
from tests.web.officer.link_desk import OneLink

TOKEN = "comity_" + "a" * 64
NOW = datetime(2031, 3, 7, 12, 0, tzinfo=UTC)
QUESTION = "01990000-0000-7000-8000-000000000001"
HIT = "5c1b3f0e-0000-5000-8000-000000000001"
UNKNOWN_HIT = "5c1b3f0e-0000-5000-8000-00000000dead"

ADA = Caller(
    account="01990000-0000-7000-8000-0000000000aa",
    login="ada",
    bureau="aldova",
    country="XA",
    unit="border-3",
    roles=frozenset({Role.OFFICER}),
)
FULL = Finding(
    hit=HIT,
    owner="bergenia",
    contact="+999 555 0100",
    category="travel-documents",
    level=ReplyLevel.FULL,
    collection="sltd",
    record="r-1",
    reference="BG-77",
    version=2,
    amended_at=NOW,
    subject=TravelDocument(
        number="X4711", country="XBE", type=DocumentType.PASSPORT, fraud=DocumentFraud.STOLEN, stolen_on="2030-05"
    ),
    clauses=("xa-xb-2030 art-7",),
)
BARE = Finding(hit=HIT, owner="bergenia", contact="+999 555 0100", category="persons", level=ReplyLevel.HIT)
REFUSAL = Reason(clause="xa-xc-2030 art-4", text="Corvia answers no border checks.", needed="A warrant.")
ANSWER = Answer(
    question=QUESTION,
    asked_at=NOW,
    sources=(
        SourceAnswer(source="hub", question=QUESTION, outcome=Outcome.HIT, findings=(FULL,), took_ms=8.5),
        SourceAnswer(source="bergenia", question=QUESTION, outcome=Outcome.HIT, findings=(BARE,)),
        SourceAnswer(source="aldova", question=QUESTION, outcome=Outcome.NO_RECORD),
        SourceAnswer(source="dunmark", question=QUESTION, outcome=Outcome.SILENT),
        SourceAnswer(source="corvia", question=QUESTION, outcome=Outcome.REFUSED, reason=REFUSAL),
    ),
    took_ms=12.5,
)
FOUND = Hit(
    id=HIT,
    question=QUESTION,
    side=Side.ASKER,
    asker="aldova",
    asker_unit="border-3",
    owner="bergenia",
    answered_by="hub",
    collection="sltd",
    record="r-1",
    reference="BG-77",
    purpose=Purpose.BORDER_CONTROL,
    case="BR-1",
    found_at=NOW,
)


class AskedLookups:
    """Answers every question alike and remembers it; refuses purpose `analysis`."""

    def __init__(self) -> None:
        self.requests: list[LookupRequest] = []

    def ask(self, request: LookupRequest, caller: Caller) -> Answer:
        if request.purpose is Purpose.ANALYSIS:
            raise NotPermitted("Border officers do not analyse.", do="Ask an analyst.", clauses=("rulebook role-3",))
        self.requests.append(request)
        return ANSWER


class OneHit:
    """A register with one hit, which goes through the steps of every hit."""

    def __init__(self) -> None:
        self.hit = FOUND
        self.notes: list[str] = []

    def every(self, caller: Caller) -> list[Hit]:
        return [self.hit]

    def one(self, hit_id: str, caller: Caller) -> Hit:
        if hit_id != self.hit.id:
            raise Missing(f"There is no hit {hit_id} here.", do="Look at /v1/hits.")
        return self.hit

    def request(self, hit_id: str, priority: Priority, note: str, caller: Caller) -> Hit:
        due = NOW + timedelta(minutes=10)
        return self._step("request", hit_id, note, caller, priority=priority, requested_at=NOW, due_at=due)

    def confirm(self, hit_id: str, note: str, caller: Caller) -> Hit:
        return self._step("confirm", hit_id, note, caller)

    def deny(self, hit_id: str, note: str, caller: Caller) -> Hit:
        return self._step("deny", hit_id, note, caller)

    def promise(self, hit_id: str, by: datetime, note: str, caller: Caller) -> Hit:
        if by <= NOW:
            raise Conflict("That time has passed.")
        return self._step("promise", hit_id, note, caller, due_at=by)

    def _step(self, step: str, hit_id: str, note: str, caller: Caller, **changes: object) -> Hit:
        self.hit = self.one(hit_id, caller).after(step, **changes)
        self.notes.append(note)
        return self.hit


class OneAccount:
    """Ada's token is the only one."""

    def caller(self, token: str, on_behalf_of: str = "") -> Caller:
        if token != TOKEN:
            raise Unauthenticated("This token is not valid.", do="Sign in again.")
        return Caller(**{name: getattr(ADA, name) for name in ADA.__struct_fields__} | {"on_behalf_of": on_behalf_of})


def desks() -> Desks:
    return Desks(
        lookups=AskedLookups(),
        hits=OneHit(),
        batches=None,  # with watches: tests/web/officer/test_batches.py, before the real desks
        watches=None,
        late=None,
        links=OneLink(),
        cases=None,
        mail=None,
        proofs=None,
        files=None,
        translations=None,
        message_recalls=None,
        passings=None,  # with the next two: tests/web/officer/test_further_use.py
        consents=None,
        overrides=None,
        rights=None,  # with the next four: tests/web/officer/test_further_use.py
        rights_decisions=None,
        consultations=None,
        precaution=None,
        incidents=None,
        operations=None,
        oversight=None,
        disclosures=None,
        statistics=None,
        spot_checks=None,
        events=None,
        accounts=OneAccount(),
        name_of=lambda node: {"hub": "The hub"}.get(node, node.capitalize()),
        counter=Metrics(),
    )
