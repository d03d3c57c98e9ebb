"""What a national system may ask of its bureau's node, one method for each."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from comity.client.address import id_in_path
from comity.client.casework import Casework
from comity.client.files import Files
from comity.client.further_use import FurtherUse
from comity.client.line import Line
from comity.client.profile import read_profile
from comity.client.reading import (
    read,
    read_answer,
    read_batches,
    read_hits,
    read_late,
    read_links,
    read_queue,
    read_refused,
    read_silences,
    read_watch,
    read_watches,
)
from comity.domain.batch import (
    Batch,
    BatchRequest,
    BatchStatus,
    ListLine,
    Queued,
    QueuePage,
    QueueState,
    Silence,
)
from comity.domain.caller import Caller
from comity.domain.circumstances import StatedOffence
from comity.domain.document import DocumentType
from comity.domain.firearm import FirearmType
from comity.domain.hit import Hit, Priority
from comity.domain.importing import RefusedRow
from comity.domain.kept import FoundLate, Watch
from comity.domain.known_types import make_types_known
from comity.domain.link import LinkLine, LinkState, ProposedLink, WholeLink
from comity.domain.lookup import Answer, LookupRequest
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.domain.stated import Stated


class Comity:
    """A connection to one bureau's node; may be used by several threads.

    Every method raises the refusals of `comity.domain.errors`: Invalid, Unauthenticated, NotPermitted (with the
    clauses that decided), Missing, Conflict, TooLarge, Unavailable. Nothing is asked twice by itself: after
    Unavailable a request may or may not have been done.

        bureau = Comity("https://comity.aldova.example:8443", token, Path("aldova.pem"))
        answer = bureau.acting_for("officer-17").lookup_person(
            name="Анна Петрова", birth="1980", purpose="wanted-persons", case="BR-2031-7")
        for source in answer.sources:
            for finding in source.findings:
                hit = bureau.request_confirmation(finding.hit, Priority.URGENT, "She stands before us.")
                print(finding.owner, finding.contact, hit.state, hit.due_at)
    """

    def __init__(self, url: str, token: str, trust: Path | None = None, *, on_behalf_of: str = "") -> None:
        """`trust` is a file with the one certificate (PEM) that the node must show; None: what the system trusts."""
        make_types_known()
        self._line = Line(url, token, trust)
        self._on_behalf_of = on_behalf_of

    @classmethod
    def from_profile(cls, path: Path | str) -> "Comity":
        """Connect as a TOML file says: url, token, and trust where needed; only its owner may read it (0600)."""
        profile = read_profile(Path(path))
        return cls(profile.url, profile.token, Path(profile.trust) if profile.trust else None)

    def acting_for(self, officer: str) -> "Comity":
        """The same connection, asking for this officer: what a system must say each time."""
        other = object.__new__(Comity)
        other._line, other._on_behalf_of = self._line, officer
        return other

    def me(self) -> Caller:
        """Under whose name this token asks."""
        return read(self._get("/v1/me"), Caller)

    def lookup_person(
        self,
        *,
        purpose: Purpose | str,
        case: str,
        name: str = "",
        birth: str = "",
        sex: Sex | str = Sex.UNSPECIFIED,
        nationality: str = "",
        document_number: str = "",
        document_country: str = "",
        place: str = "",
        height_cm: int = 0,
        eyes: str = "",
        hair: str = "",
        wildcard: bool = False,
        sounds_like: bool = False,
        offence: StatedOffence | None = None,
        stated: Stated | None = None,
    ) -> Answer:
        """By a name in any script, an identity document's number, or several of the other fields together.

        `birth` is YYYY, YYYY-MM or YYYY-MM-DD, `place` that of birth; countries have two letters. With `wildcard` * and
        ? in the name stand for any letters and for one; `sounds_like`: tell also of names that only sound alike.
        `offence` and `stated`, here and in what follows: what an agreement may ask about beside purpose and case.
        """
        return self._look_up(
            "person",
            purpose=purpose,
            case=case,
            name=name,
            birth=birth,
            sex=sex,
            nationality=nationality,
            document_number=document_number,
            document_country=document_country,
            place=place,
            height_cm=height_cm,
            eyes=eyes,
            hair=hair,
            wildcard=wildcard,
            sounds_like=sounds_like,
            offence=offence,
            stated=stated,
        )

    def lookup_document(
        self,
        *,
        purpose: Purpose | str,
        case: str,
        country: str = "",
        number: str = "",
        type: DocumentType | str | None = None,
        mrz: str = "",
        near: bool = False,
        offence: StatedOffence | None = None,
        stated: Stated | None = None,
    ) -> Answer:
        """By the issuer's letters and the number as printed, or by the machine-readable zone as read.

        `near`: tell also of numbers that look alike or are one edit away, here and in what follows.
        """
        return self._look_up(
            "document",
            purpose=purpose,
            case=case,
            country=country,
            number=number,
            type=type or "",
            mrz=mrz,
            near=near,
            offence=offence,
            stated=stated,
        )

    def lookup_vehicle(
        self,
        *,
        purpose: Purpose | str,
        case: str,
        vin: str = "",
        plate: str = "",
        plate_country: str = "",
        engine_number: str = "",
        make: str = "",
        model: str = "",
        colour: str = "",
        near: bool = False,
        offence: StatedOffence | None = None,
        stated: Stated | None = None,
    ) -> Answer:
        """By a VIN, an engine's number, or a plate with its country (two letters)."""
        return self._look_up(
            "vehicle",
            purpose=purpose,
            case=case,
            vin=vin,
            plate=plate,
            plate_country=plate_country,
            engine_number=engine_number,
            make=make,
            model=model,
            colour=colour,
            near=near,
            offence=offence,
            stated=stated,
        )

    def lookup_firearm(
        self,
        *,
        purpose: Purpose | str,
        case: str,
        serial: str,
        make: str = "",
        model: str = "",
        type: FirearmType | str | None = None,
        calibre: str = "",
        near: bool = False,
        offence: StatedOffence | None = None,
        stated: Stated | None = None,
    ) -> Answer:
        """By its serial number as marked, with whatever else is known: without its maker the number tells little."""
        return self._look_up(
            "firearm",
            purpose=purpose,
            case=case,
            serial=serial,
            make=make,
            model=model,
            type=type or "",
            calibre=calibre,
            near=near,
            offence=offence,
            stated=stated,
        )

    def lookup_vessel(
        self,
        *,
        purpose: Purpose | str,
        case: str,
        imo: str = "",
        hull_number: str = "",
        eni: str = "",
        mmsi: str = "",
        call_sign: str = "",
        registration: str = "",
        flag: str = "",
        name: str = "",
        engine_number: str = "",
        make: str = "",
        near: bool = False,
        offence: StatedOffence | None = None,
        stated: Stated | None = None,
    ) -> Answer:
        """By any number of the vessel or its engine, or its name; a registration with its flag (two letters)."""
        return self._look_up(
            "vessel",
            purpose=purpose,
            case=case,
            imo=imo,
            hull_number=hull_number,
            eni=eni,
            mmsi=mmsi,
            call_sign=call_sign,
            registration=registration,
            flag=flag,
            name=name,
            engine_number=engine_number,
            make=make,
            near=near,
            offence=offence,
            stated=stated,
        )

    def lookup(self, request: LookupRequest) -> Answer:
        """The same with a request that was built before."""
        fields: dict[str, Any] = {**msgspec.to_builtins(request), **msgspec.to_builtins(request.query)}
        del fields["query"]
        return self._look_up(fields.pop("kind"), **fields)

    def hits(self) -> list[Hit]:
        """Those whose clock runs first, then the newest."""
        return read_hits(self._get("/v1/hits"))

    def hit(self, hit_id: str) -> Hit:
        """One hit as it stands now."""
        return read(self._get(f"/v1/hits/{id_in_path(hit_id)}"), Hit)

    def request_confirmation(self, hit_id: str, priority: Priority | str, note: str = "") -> Hit:
        """Ask the owner; urgent (10 minutes) where the hit alone would justify detention, else routine (1 hour)."""
        return self._step(hit_id, "request", {"priority": priority, "note": note})

    def confirm(self, hit_id: str, note: str = "") -> Hit:
        """As the owner: the record stands, and it is this person or thing."""
        return self._step(hit_id, "confirm", {"note": note})

    def deny(self, hit_id: str, note: str = "") -> Hit:
        """As the owner: the record does not stand, or it is somebody or something else."""
        return self._step(hit_id, "deny", {"note": note})

    def promise(self, hit_id: str, by: datetime, note: str = "") -> Hit:
        """As the owner: give the time (with its time zone) by which there will be an answer."""
        return self._step(hit_id, "promise", {"by": by, "note": note})

    def begin_batch(self, request: BatchRequest) -> Batch:
        """Begin to look a list up; or, where the same list was begun before, how far it came."""
        return read(self._send("/v1/batches", request), Batch)

    def look_up_lines(self, batch_id: str, lines: Sequence[ListLine], *, last: bool = False) -> Batch:
        """The next lines of the list, at most 500 and 1 MiB. Send again from `next_line` of the answer on."""
        return read(self._send(f"/v1/batches/{id_in_path(batch_id)}/lines", {"lines": lines, "last": last}), Batch)

    def ask_silent_again(self, batch_id: str, lines: Sequence[ListLine]) -> Batch:
        """Ask the sources that kept silent on these lines once more, and no others; at most 100 questions."""
        return read(self._send(f"/v1/batches/{id_in_path(batch_id)}/silent-lines", {"lines": lines}), Batch)

    def batches(self) -> list[Batch]:
        """Those of your unit, newest first."""
        return read_batches(self._get("/v1/batches"))

    def batch(self, batch_id: str) -> BatchStatus:
        """How far one has come, and what waits in its queue."""
        return read(self._get(f"/v1/batches/{id_in_path(batch_id)}"), BatchStatus)

    def refused_lines(self, batch_id: str) -> list[RefusedRow]:
        """Lines of which nothing, or not all, could be asked."""
        return read_refused(self._get(f"/v1/batches/{id_in_path(batch_id)}/refused"))

    def silences(self, batch_id: str) -> list[Silence]:
        """Who kept silent on which line: nothing is known from there."""
        return read_silences(self._get(f"/v1/batches/{id_in_path(batch_id)}/silences"))

    def queue(self, batch_id: str, state: QueueState | str | None = QueueState.OPEN, after: int = 0) -> QueuePage:
        """What was found, the most probable first; the next page begins at its `after`."""
        return read_queue(self._send(f"/v1/batches/{id_in_path(batch_id)}/queue", {"state": state, "after": after}))

    def export_queue(self, batch_id: str, after: int = 0) -> QueuePage:
        """The same of every state; journalled with the first page."""
        return read_queue(self._send(f"/v1/batches/{id_in_path(batch_id)}/export", {"after": after}))

    def dismiss(self, hit_id: str, reason: str) -> Queued:
        """It is not the one."""
        return read(self._send(f"/v1/queue/{id_in_path(hit_id)}/dismiss", {"reason": reason}), Queued)

    def take_up(self, hit_id: str) -> Hit:
        """Make an ordinary hit of it, which its owner may confirm."""
        return read(self._line.send("POST", f"/v1/queue/{id_in_path(hit_id)}/take-up", self._on_behalf_of), Hit)

    def erase_batch(self, batch_id: str) -> Batch:
        """Erase a batch with its queue before its last day; what was taken up stays as a hit."""
        return read(self._line.send("POST", f"/v1/batches/{id_in_path(batch_id)}/erase", self._on_behalf_of), Batch)

    def watch(self, request: LookupRequest, until: date) -> tuple[Watch, Answer]:
        """Ask now, and be told until that day when a record comes that answers it."""
        return read_watch(self._send("/v1/watches", {**msgspec.to_builtins(request), "until": until}))

    def watches(self) -> list[Watch]:
        """Your own, newest first."""
        return read_watches(self._get("/v1/watches"))

    def cancel_watch(self, watch_id: str) -> Watch:
        """End a watch here and wherever it was told."""
        return read(self._line.send("POST", f"/v1/watches/{id_in_path(watch_id)}/cancel", self._on_behalf_of), Watch)

    def late(self) -> list[FoundLate]:
        """What was found after somebody of your unit had asked for it, newest first."""
        return read_late(self._get("/v1/late"))

    def links(self, state: LinkState | str = LinkState.PROPOSED) -> list[LinkLine]:
        """Records that may mean the same person, the most probable first; for analysts."""
        return read_links(self._get(f"/v1/links/{LinkState(state).value}"))

    def link(self, link_id: str) -> WholeLink:
        """One link with both records; this is written down."""
        return read(self._get(f"/v1/links/{id_in_path(link_id)}"), WholeLink)

    def accept_link(self, link_id: str, why: str) -> ProposedLink:
        """Both mean the same. Nothing is merged."""
        return self._judge(link_id, "accept", why)

    def reject_link(self, link_id: str, why: str) -> ProposedLink:
        """They do not."""
        return self._judge(link_id, "reject", why)

    @property
    def casework(self) -> Casework:
        """Cases, messages to other bureaus, joint operations."""
        return Casework(self._line, self._on_behalf_of)

    @property
    def files(self) -> Files:
        """Files beside messages."""
        return Files(self._line, self._on_behalf_of)

    @property
    def further_use(self) -> FurtherUse:
        """What owners told, passed on or shown in court with their consent."""
        return FurtherUse(self._line, self._on_behalf_of)

    def _judge(self, link_id: str, word: str, why: str) -> ProposedLink:
        path = f"/v1/links/{id_in_path(link_id)}/{word}"
        return read(self._line.send("POST", path, self._on_behalf_of, {"why": why}), ProposedLink)

    def _look_up(self, kind: str, **fields: object) -> Answer:
        stated = {name: msgspec.to_builtins(value) for name, value in fields.items() if value}
        return read_answer(self._line.send("POST", f"/v1/lookups/{kind}", self._on_behalf_of, stated))

    def _send(self, path: str, body: Struct | dict[str, Any]) -> bytes:
        return self._line.send("POST", path, self._on_behalf_of, msgspec.to_builtins(body))

    def _step(self, hit_id: str, step: str, body: dict[str, Any]) -> Hit:
        return read(self._line.send("POST", f"/v1/hits/{id_in_path(hit_id)}/{step}", self._on_behalf_of, body), Hit)

    def _get(self, path: str) -> bytes:
        return self._line.send("GET", path, self._on_behalf_of)
