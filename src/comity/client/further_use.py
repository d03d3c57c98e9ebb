"""What owners told, used further with their consent: passed on to others, or shown in court."""

from datetime import date
from typing import Any

import msgspec

from comity.client.address import id_in_path
from comity.client.line import Line
from comity.client.reading import read, read_consents, read_passed, read_passings
from comity.domain.circumstances import Use
from comity.domain.consent import ConsentCase
from comity.domain.passing import PassedRecord, Passing
from comity.domain.purpose import Purpose


class FurtherUse:
    """Raises the same refusals as `Comity`."""

    def __init__(self, line: Line, on_behalf_of: str) -> None:
        self._line = line
        self._on_behalf_of = on_behalf_of

    def pass_record(self, record_id: str, *, to: str, purpose: Purpose | str, case: str) -> Passing:
        """Give a third party what an owner told of a record. Needs the owner's consent where the law asks for one."""
        return read(
            self._send(f"/v1/records/{id_in_path(record_id)}/pass", {"to": to, "purpose": purpose, "case": case}),
            Passing,
        )

    def passings(self) -> list[Passing]:
        """What was passed on from here and to us, the newest first."""
        return read_passings(self._get("/v1/passings"))

    def passing(self, passing_id: str) -> PassedRecord:
        """A record that was passed to us, with what its owner asks; this is written down."""
        return read_passed(self._get(f"/v1/passings/{id_in_path(passing_id)}"))

    def take_back(self, passing_id: str, why: str) -> Passing:
        """Have the receiver erase what was passed on to it."""
        return read(self._send(f"/v1/passings/{id_in_path(passing_id)}/take-back", {"why": why}), Passing)

    def request_consent(
        self, hit_id: str, *, use: Use | str, purpose: Purpose | str, reason: str, recipient: str = ""
    ) -> ConsentCase:
        """Ask the owner; `recipient` (a two-letter country, an organisation) with `onward` alone."""
        asked = {"use": use, "purpose": purpose, "reason": reason, "recipient": recipient}
        return read(self._send(f"/v1/hits/{id_in_path(hit_id)}/consent", asked), ConsentCase)

    def consents(self) -> list[ConsentCase]:
        """Asked for here and of us, the oldest first."""
        return read_consents(self._get("/v1/consents"))

    def give_consent(self, consent_id: str, until: date, note: str = "") -> ConsentCase:
        """As the owner: on exactly the terms that were asked for, until that day."""
        return read(
            self._send(f"/v1/consents/{id_in_path(consent_id)}/give", {"until": until, "note": note}), ConsentCase
        )

    def refuse_consent(self, consent_id: str, note: str = "") -> ConsentCase:
        """As the owner: no; one that was given is taken back."""
        return read(self._send(f"/v1/consents/{id_in_path(consent_id)}/refuse", {"note": note}), ConsentCase)

    def _send(self, path: str, body: dict[str, Any]) -> bytes:
        return self._line.send("POST", path, self._on_behalf_of, msgspec.to_builtins(body))

    def _get(self, path: str) -> bytes:
        return self._line.send("GET", path, self._on_behalf_of)
