"""One story that goes out by every way that can carry content, and writes down what left by which way.

A new way with the guard `law` gets a step of its own here: see `look_around` and `tell_everything`.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
import structlog

from comity.domain.bureau import Member
from comity.domain.caller import Role
from comity.domain.case import NewCase
from comity.domain.collection import Category
from comity.domain.document import DocumentFraud, TravelDocument
from comity.domain.errors import Refusal
from comity.domain.files import NewFile
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.letter import Body, kind_of
from comity.domain.mail import Draft
from comity.domain.marking import Marking
from comity.domain.operation import Joined, Noted
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose, Sex
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.session import SignInBy
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus
from comity.storage.outbox import Outbox
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.testing.federation_line import LossyLine
from comity.web.console.door import PAGES, ConsoleDoor
from comity.web.console.pages import Pages
from comity.web.officer.door import OfficerDoor
from comity.wire.http import Request, Response
from tests.federation.conftest import row
from tests.web.console.visitor import ORIGIN, Visitor

# Words that stand in records of Bergenia and nowhere else: none of them is ever asked for.
CONTENT = (b"marquellon", b"quazibert", b"verzantig", b"hollobrusk", b"zwirnolat", b"plimtaro")
REFERENCES = (b"MRQ-P-1", b"MRQ-P-2", b"MRQ-D-1", b"MRQ-V-1", b"MRQ-F-1", b"MRQ-S-1")
# A word of a question that Ada asks.
ASKED = b"Sorokin-Uhlberg"

QUESTIONS: dict[str, dict[str, Any]] = {
    "person": {"name": "Ivan Sorokin-Uhlberg", "birth": "1971-03-09"},
    "document": {"country": "XBE", "number": "B7001234"},
    "vehicle": {"plate": "BE 700 MQ", "plate_country": "XB"},
    "firearm": {"serial": "MQ700123", "make": "Fictus"},
    "vessel": {"registration": "BE-70012", "flag": "XB"},
}
# For what each kind is asked: something for which the agreements of the models let it be told.
FOR = {"person": Purpose.WANTED_PERSONS}
DIGEST = "a" * 64
LETTERS = "/federation/v1/letters"


def records() -> dict[str, dict[str, Subject]]:
    """By collection and reference; `MRQ-P-2` is the same person again, for a link."""
    return {
        "nominals": {"MRQ-P-1": _person("marquellon"), "MRQ-P-2": _person("quazibert")},
        "sltd": {
            "MRQ-D-1": TravelDocument(
                number="B7001234", country="XBE", fraud=DocumentFraud.STOLEN, note="seen in verzantig"
            )
        },
        "smv": {
            "MRQ-V-1": Vehicle(
                vin="1M8GDM9AXKP042788",
                plate="BE700MQ",
                plate_country="XB",
                make="hollobrusk",
                status=VehicleStatus.STOLEN,
            )
        },
        "firearms": {
            "MRQ-F-1": Firearm(
                serial="MQ700123",
                make="Fictus",
                model="zwirnolat",
                type=FirearmType.PISTOL,
                status=FirearmStatus.STOLEN,
            )
        },
        "vessels": {"MRQ-S-1": Vessel(registration="BE-70012", flag="XB", name="plimtaro", status=VesselStatus.STOLEN)},
    }


def _person(word: str) -> Person:
    return Person(
        names=(Name(full="Ivan Sorokin-Uhlberg", family="Sorokin-Uhlberg", given="Ivan"),),
        births=("1971-03-09",),
        sex=Sex.MALE,
        nationalities=("XB",),
        status=PersonStatus.WANTED,
        purpose=RecordPurpose.ARREST,
        action=f"Detain and say {word}.",
        facts=f"A fictitious matter of {word}.",
    )


class Left:
    """What left, by way and by the node that it left."""

    def __init__(self) -> None:
        self.by: dict[tuple[str, str], bytes] = defaultdict(bytes)

    def note(self, way: str, node: str, told: bytes) -> None:
        self.by[way, node] += told + b"\n"

    def ways(self, words: tuple[bytes, ...]) -> set[str]:
        """Ways by which one of these words left a node."""
        return {way for (way, _), told in self.by.items() if any(one in told for one in words)}


class ListeningLine(LossyLine):
    """Hears what every node says to another."""

    def __init__(self, left: Left) -> None:
        super().__init__({})
        self.left = left

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        way = f"{request.method} {request.target.partition('?')[0]}"
        response = super().send(member, request, within_seconds, bytes_max)
        if way != f"POST {LETTERS}":  # every letter is heard as it is written, whether or not it travels under seal
            self.left.note(way, f"to {member.id}", request.body)
        self.left.note(way, member.id, _payload(response.body))
        return response


def _payload(body: bytes) -> bytes:
    """What a signed document says; anything else as it is."""
    with suppress(ValueError, KeyError, TypeError):
        payload = json.loads(body)["payload"]
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return body


class Story:
    """A federation that is heard at all its ways out."""

    def __init__(self, folder: Path, left: Left) -> None:
        self.left = left
        self.federation = Federation(folder, ListeningLine(self.left))
        self.tokens = {
            login: self._token(login, bureau, role)
            for login, bureau, role in (
                ("ada", ALDOVA, None),
                ("dora", ALDOVA, None),
                ("cora", CORVIA, None),
                ("anna", BERGENIA, Role.ANALYST),
            )
        }

    def _token(self, login: str, bureau: str, role: Role | None) -> str:
        node = self.federation[bureau]
        if role is not None:
            with suppress(Refusal):  # opened by an earlier story in this folder
                node.accounts.open(login, login.title(), "headquarters", (role,), node.operator("test"))
        return node.accounts.issue(login, timedelta(hours=12), node.operator("test"))[0]

    def officer(self, login: str, bureau: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Through the officers' door; what it answers, {} where it refuses."""
        door: OfficerDoor = self.federation[bureau].officer_door
        headers = {"authorization": f"Bearer {self.tokens[login]}"}
        headers |= {"content-type": "application/json"} if body is not None else {}
        content = json.dumps(body).encode() if body is not None else b""
        request = Request(method=method, authority="", target=path, headers=headers, body=content)
        response = door(request)
        self.left.note(f"{method} {door.route_of(request)}", bureau, response.body)
        is_json = response.headers["content-type"] == "application/json"
        return json.loads(response.body) if response.status == 200 and is_json else {}

    def page(self, login: str, bureau: str, path: str, form: dict[str, str] | None = None, template: str = "") -> None:
        """Through the console: a form that is sent, or a page of that template that is opened."""
        node = self.federation[bureau]
        token, session = node.desks.sessions.open(login, SignInBy.PASSKEY)
        door = ConsoleDoor(node.desks, Pages(PAGES, bureau, is_demo=False), self.federation.time, ORIGIN)
        visitor = Visitor(door, token, session.csrf)
        page = visitor.get(path) if form is None else visitor.post(path, **form)
        way = "GET" if form is None else "POST"
        self.left.note(f"{way} {template or path}", bureau, page.text.encode())

    # -- the story ----------------------------------------------------------------------------------------------------

    def tell_everything(self) -> None:
        """Ada sets a watch, Bergenia enters its records, Ada asks for each; Anna looks at links."""
        federation = self.federation
        stated = {"purpose": Purpose.WANTED_PERSONS, "case": "XA-7"}
        until = (federation.time().date() + timedelta(days=20)).isoformat()
        watched = {"query": {"kind": "person", **QUESTIONS["person"]}, "until": until, **stated}
        self.officer("ada", ALDOVA, "POST", "/v1/watches", watched)
        federation.post()
        for collection, entered in records().items():
            rows = [row(reference, subject, line=at) for at, (reference, subject) in enumerate(entered.items(), 1)]
            federation.enter(BERGENIA, collection, rows)
        federation.post()
        for node in federation.nodes.values():
            node.late.compare()
        federation.post()
        for kind, asked in QUESTIONS.items():
            self.officer(
                "ada",
                ALDOVA,
                "POST",
                f"/v1/lookups/{kind}",
                {**asked, **stated, "purpose": FOR.get(kind, Purpose.BORDER_CONTROL)},
            )
        self.page("ada", ALDOVA, "/lookup", {"document.country": "XBE", "document.number": "B7001234", **stated})
        # The same watch once more: by now there is something to tell at once.
        self.officer("ada", ALDOVA, "POST", "/v1/watches", {**watched, "case": "XA-8"})
        self.screen_a_list(stated)
        self.pass_on()
        federation[BERGENIA].links.propose((), 0.5, federation[BERGENIA].operator("test"))
        self.write_to_one_another()
        federation.post()
        self.look_around()
        federation.post()

    def write_to_one_another(self) -> None:
        """Ben tells Ada in a message what stands in a record."""
        node, ben = self.federation[BERGENIA], self.federation.cast["ben"]
        about = NewCase(
            number="BE-7",
            title="A case",
            category=Category.PERSONS,
            purpose=Purpose.CRIMINAL_INVESTIGATION,
            basis="section 94",
        )
        draft = Draft(to=(ALDOVA,), subject="A man", text="He is the one of marquellon.")
        mail = node.mail.write(node.cases.open(about, ben).id, draft, ben)
        told = b"the one of marquellon"
        file = node.files.begin(mail.id, NewFile(name="a.txt", media_type="text/plain", size_bytes=len(told)), ben)
        node.files.write(file.id, 0, told, ben)
        with suppress(Refusal):
            node.mail.send(mail.id, ben)
            node.translations.translate(mail.id, "fr", "C'est celui de marquellon.", False, ben)
        with suppress(Refusal):
            self.work_together()

    def work_together(self) -> None:
        """Ben leads, Ada is taken in; each tells the other."""
        ada, ben = self.federation.cast["dora"], self.federation.cast["ben"]
        node, other = self.federation[BERGENIA].operations, self.federation[ALDOVA].operations
        (case,) = self.federation[BERGENIA].cases.every(ben)
        operation = node.found(case.id, "Ferry", ben).head.id
        node.write(operation, Joined(bureau=ALDOVA), Marking(), 0, ben)
        node.write(operation, Noted(text="It is the one of marquellon."), Marking(), 0, ben)
        self.federation.post()
        other.write(operation, Noted(text="marquellon it is."), Marking(), 0, ada)

    def screen_a_list(self, stated: dict[str, Any]) -> None:
        begun = {"file_digest": DIGEST, "file_name": "list.csv", **stated}
        batch = self.officer("ada", ALDOVA, "POST", "/v1/batches", begun).get("id", "none")
        lines = [
            {"line": at, "queries": [{"kind": kind, **asked}]} for at, (kind, asked) in enumerate(QUESTIONS.items(), 1)
        ]
        self.officer("ada", ALDOVA, "POST", f"/v1/batches/{batch}/lines", {"lines": lines, "last": True})

    def pass_on(self) -> None:
        """Dora passes on to Corvia what Bergenia told late, with its consent."""
        federation, ben = self.federation, self.federation.cast["ben"]
        for hit in self.officer("ada", ALDOVA, "GET", "/v1/late").get("late", []):
            finding = hit["finding"]
            asked = {"use": "onward", "recipient": "XC", "reason": "it concerns them"}
            asked |= {"purpose": Purpose.WANTED_PERSONS}
            told = self.officer("dora", ALDOVA, "POST", f"/v1/hits/{finding['hit']}/consent", asked)
            federation.post()
            if told:
                until = federation.time().date() + timedelta(days=9)
                federation[BERGENIA].consents.give(told["id"], until, "", ben)
                federation.post()
            wanted = {"to": CORVIA, "purpose": Purpose.WANTED_PERSONS, "case": "XC-1"}
            self.officer("dora", ALDOVA, "POST", f"/v1/records/{finding['record']}/pass", wanted)
            federation.post()

    def look_around(self) -> None:
        """At everything that this federation already holds for somebody to look at."""
        for batch in self.officer("ada", ALDOVA, "GET", "/v1/batches").get("batches", []):
            self.officer("ada", ALDOVA, "POST", f"/v1/batches/{batch['id']}/queue", {})
            self.page("ada", ALDOVA, f"/batches/{batch['id']}", template="/batches/{id}")
            self.officer("ada", ALDOVA, "POST", f"/v1/batches/{batch['id']}/export", {})
        self.officer("ada", ALDOVA, "GET", "/v1/late")
        self.officer("ada", ALDOVA, "GET", "/v1/watches")
        self.officer("ada", ALDOVA, "GET", "/v1/hits")
        for passing in self.officer("cora", CORVIA, "GET", "/v1/passings").get("passings", []):
            self.officer("cora", CORVIA, "GET", f"/v1/passings/{passing['id']}")
        with self.federation[ALDOVA].store.reading() as tx:
            files = sorted(tx.files.ids())
        for file in files:
            self.officer("dora", ALDOVA, "GET", f"/v1/files/{file}")
            self.page("dora", ALDOVA, f"/files/{file}", template="/files/{id}")
        for link in self._links():
            self.officer("anna", BERGENIA, "GET", f"/v1/links/{link}")
            self.page("anna", BERGENIA, f"/network/links/{link}", template="/network/links/{id}")
            for act in ("accept", "reject"):  # an empty form comes back with what it is about
                self.page("anna", BERGENIA, f"/network/links/{link}/{act}", {}, f"/network/links/{{id}}/{act}")
        for node in (HUB, ALDOVA, BERGENIA, CORVIA):
            for target in ("/health/live", "/health/ready", "/metrics"):
                request = Request(method="GET", authority="", target=target, headers={}, body=b"")
                self.left.note(f"GET {target}", node, self.federation[node].watch_door(request).body)
        self.federation.follow()

    def _links(self) -> list[str]:
        """Those that lie there, whether or not Anna may see them."""
        self.officer("anna", BERGENIA, "GET", "/v1/links/proposed")
        with self.federation[BERGENIA].store.reading() as tx:
            return [one.id for one in tx.links.every()]

    def close(self) -> None:
        self.federation.close()


def heard(folder: Path, looking_only: bool = False) -> tuple[Left, str]:
    """What left in the whole story, or as somebody looks at what is there; and what the log has of it."""
    left = Left()
    with structlog.testing.capture_logs() as log, patch.object(Outbox, "send", _heard_by(left)):
        story = Story(folder, left)
        try:
            if looking_only:
                story.look_around()
            else:
                story.tell_everything()
        finally:
            story.close()
    return left, repr(log)


def _heard_by(left: Left) -> Callable[[Outbox, str, Body, datetime], str]:
    """Every letter leaves through the outbox, and there alone it can be read by whoever listens."""
    sent = Outbox.send

    def send(outbox: Outbox, recipient: str, body: Body, now: datetime) -> str:
        left.note(f"letter {kind_of(body)}", outbox._node, msgspec.json.encode(body))
        return sent(outbox, recipient, body, now)

    return send
