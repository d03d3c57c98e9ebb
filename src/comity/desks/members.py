"""Members: how a bureau comes into a federation, and how everyone learns of it."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime, timedelta

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Directory, Manifest, Measure, Member, NodeRole, Standing, succeeding
from comity.domain.caller import Caller, Role, require
from comity.domain.country import country
from comity.domain.errors import Conflict, NotPermitted
from comity.domain.ids import slug
from comity.domain.journal import Act, Entry
from comity.domain.measure import FiledMeasure, MeasureState
from comity.domain.onboarding import Check
from comity.law.onboarding import CEREMONY

ADMIT = frozenset({Role.ADMINISTRATOR})
Sign = Callable[[Directory], tuple[bytes, bytes]]  # the directory signed, and its members' measures signed for it


def onboarding_id(node: str) -> str:
    """The measure under which a newcomer stands until its checklist is complete."""
    return f"onboarding-{node}"


class Members:
    """At a hub: invite, approve, publish the directory. At a bureau: pin the hub, follow its directory."""

    def __init__(self, here: Here, store: Store, clock: Clock, sign: Sign) -> None:
        self.here = here
        self.store = store
        self.clock = clock
        self.sign = sign

    def directory(self) -> Directory | None:
        with self.store.reading() as tx:
            return tx.members.directory()

    def invitations(self) -> list[tuple[str, datetime]]:
        """Who is invited and has not come yet, and until when."""
        with self.store.reading() as tx:
            return tx.members.invitations()

    # -- at the hub -----------------------------------------------------------------------------------------------

    def invite(self, node: str, country_code: str, code: str, caller: Caller) -> datetime:
        """Expect a bureau of that name and country (two letters); until when its one-time code is good."""
        require(caller, ADMIT, "invite members")
        self._hub_only()
        slug(node, "name of a node")
        invited = _digest(code, country(country_code))
        with self.store.transaction() as tx:
            directory = tx.members.directory()
            if directory is not None and directory.member(node) is not None:
                raise Conflict(
                    f"{node} is a member already.", do="Choose another name, or restore it if it is suspended."
                )
            expires_at = self.clock() + timedelta(days=limits.INVITATION_DAYS_MAX)
            tx.members.invite(node, invited, expires_at)
            self._note(tx, Act.MEMBER_INVITED, node, caller, country=country_code)
            tx.commit()
        return expires_at

    def approve(
        self,
        manifest: Manifest,
        signed_manifest: str,
        fingerprint: str,
        code: str,
        caller: Caller,
        with_checklist: bool = True,
    ) -> Directory:
        """Admit a bureau whose fingerprint the operator has just compared with its people.

        With a checklist it is restricted in every category until the checklist is complete.
        """
        require(caller, ADMIT, "approve members")
        self._hub_only()
        with self.store.transaction() as tx:
            invited, now = tx.members.invitation(manifest.node), self.clock()
            # The country is in the digest: whoever was invited for one must not come in under the law of another.
            # Falls without it: tests/desks/test_members.py
            if invited is None or not hmac.compare_digest(invited[0], _digest(code, manifest.country)):
                raise NotPermitted(
                    f"{manifest.node} of {manifest.country or 'no country'} was not invited with this code.",
                    do="Invite it again for its own country and send the new file.",
                )
            if now > invited[1]:
                raise NotPermitted(f"The invitation of {manifest.node} has expired.", do="Invite it again.")
            if manifest.role is not NodeRole.BUREAU:
                raise NotPermitted("Only a bureau can join a hub.", do="Make the node with --role bureau.")
            self._unique(tx.members.directory(), manifest)
            member = Member(manifest=manifest, signed_manifest=signed_manifest, fingerprint=fingerprint)
            if with_checklist:
                self._begin_checklist(tx, manifest.node, fingerprint, caller)
            directory = self.publish(tx, lambda members: (*members, member))
            tx.members.close_invitation(manifest.node)
            self._note(tx, Act.MEMBER_APPROVED, manifest.node, caller, fingerprint=fingerprint)
            tx.commit()
        return directory

    def _begin_checklist(self, tx: Transaction, node: str, fingerprint: str, caller: Caller) -> None:
        now = self.clock()
        measure = Measure(
            id=onboarding_id(node),
            member=node,
            standing=Standing.RESTRICTED,
            reason="Its checklist is not complete yet.",
            decided_by="the rules for new members",
            first_day=now.date(),
        )
        in_force = MeasureState.IN_FORCE
        tx.measures.put(
            FiledMeasure(measure=measure, state=in_force, proposed_by=caller.account, proposed_at=now, confirmed_at=now)
        )
        compared = f"fingerprint {fingerprint}"
        tx.onboarding.put(Check(member=node, item=CEREMONY, evidence=compared, first_by=caller.account, first_at=now))

    def found(self, own: Manifest, signed_manifest: str, fingerprint: str) -> Directory:
        """The first directory of a federation: its hub alone."""
        self._hub_only()
        with self.store.transaction() as tx:
            if (held := tx.members.directory()) is not None:
                return held
            member = Member(manifest=own, signed_manifest=signed_manifest, fingerprint=fingerprint)
            directory = self.publish(tx, lambda _: (member,))
            tx.commit()
        return directory

    def refresh(self) -> bool:
        """Sign the directory anew before it expires, or as the days of a measure begin or end; whether it was due."""
        self._hub_only()
        with self.store.transaction() as tx:
            held, now = tx.members.directory(), self.clock()
            if held is None:
                return False
            expiring = datetime.fromisoformat(held.expires_at) - now <= timedelta(days=limits.DIRECTORY_DAYS_MAX) / 2
            if not expiring and all(_as_measured(tx, one, now.date()) == one for one in held.members):
                return False
            self.publish(tx)
            tx.commit()
        return True

    def renew(self, manifest: Manifest, signed_manifest: str, fingerprint: str) -> bool:
        """A member says anew which keys, certificate and address it has, by the root it came with; whether it is news.

        Raises Conflict, NotPermitted.
        """
        self._hub_only()
        with self.store.transaction() as tx:
            held = _of(tx.members.directory(), manifest.node)
            if held is None or held.signed_manifest == signed_manifest:
                return False
            # Falls without each: tests/federation/test_renewal.py
            if held.fingerprint != fingerprint:
                raise NotPermitted(
                    f"The root keys are not those with which {manifest.node} came.", do="Sign with those."
                )
            if (manifest.role, manifest.country) != (held.manifest.role, held.manifest.country):
                raise NotPermitted(f"{manifest.node} stays what it is.", do="Another organisation joins by itself.")
            if manifest.version <= held.manifest.version:
                raise Conflict(f"Manifest {manifest.version} of {manifest.node} is not newer than the one held.")
            after = msgspec.structs.replace(held, manifest=manifest, signed_manifest=signed_manifest)
            self.publish(tx, lambda members: tuple(after if one.id == manifest.node else one for one in members))
            details = {"version": str(manifest.version), "address": manifest.address}
            tx.journal.record(
                Entry(
                    act=Act.MEMBER_RENEWED,
                    at=self.clock(),
                    actor=manifest.node,
                    subject=manifest.node,
                    details={**details},
                )
            )
            tx.commit()
        return True

    def publish(
        self, tx: Transaction, change: Callable[[tuple[Member, ...]], tuple[Member, ...]] = lambda members: members
    ) -> Directory:
        """The next version of the directory with the measures in force, signed and kept; followers fetch it here."""
        held, now = tx.members.directory(), self.clock()
        changed = (succeeding(one, _of(held, one.id), now.date()) for one in change(held.members if held else ()))
        members = tuple(_as_measured(tx, one, now.date()) for one in changed)
        if len(members) > limits.MEMBERS_MAX:
            raise Conflict(f"A federation has at most {limits.MEMBERS_MAX} members.", do="Found a regional hub.")
        directory = Directory(
            hub=self.here.node,
            version=held.version + 1 if held else 1,
            previous=hashlib.sha256(tx.members.signed()).hexdigest() if held else "",
            issued_at=_text(now),
            expires_at=_text(now + timedelta(days=limits.DIRECTORY_DAYS_MAX)),
            members=members,
        )
        tx.members.put(directory, *self.sign(directory))
        return directory

    def _unique(self, directory: Directory | None, manifest: Manifest) -> None:
        for member in directory.members if directory else ():
            if member.id == manifest.node:
                raise Conflict(f"{manifest.node} is a member already.", do="Choose another name.")
            if manifest.country and member.manifest.country == manifest.country:
                raise Conflict(
                    f"{member.id} is the bureau of {manifest.country}.",
                    do="A country has one national bureau; suspend the old one.",
                )

    def _hub_only(self) -> None:
        if not self.here.is_hub:
            raise Conflict(f"{self.here.node} is a bureau.", do="Run this at the hub.")

    # -- at a bureau ----------------------------------------------------------------------------------------------

    def join(self, hub: Manifest, signed_manifest: str, fingerprint: str, caller: Caller) -> None:
        """Pin the hub whose fingerprint our people have just compared with its people."""
        require(caller, ADMIT, "join a federation")
        if self.here.is_hub:
            raise Conflict(f"{self.here.node} is a hub.", do="Run this at a bureau.")
        with self.store.transaction() as tx:
            tx.members.pin_hub(hub.node, fingerprint, signed_manifest)
            self._note(tx, Act.MEMBER_JOINED, hub.node, caller, fingerprint=fingerprint)
            tx.commit()

    def follow(self, directory: Directory, signed: bytes, measures: bytes) -> None:
        """Take over a directory that was verified to continue the one held, with the measures signed for it."""
        with self.store.transaction() as tx:
            held, today = tx.members.directory(), self.clock().date()
            # Falls without it: tests/federation/test_renewal.py
            members = tuple(succeeding(one, _of(held, one.id), today) for one in directory.members)
            tx.members.put(msgspec.structs.replace(directory, members=members), signed, measures)
            entry = Entry(
                act=Act.DIRECTORY_FOLLOWED,
                at=self.clock(),
                actor=directory.hub,
                subject=f"directory {directory.version}",
                details={"sha256": hashlib.sha256(signed).hexdigest()},
            )
            tx.journal.record(entry)
            tx.commit()

    def _note(self, tx: Transaction, act: Act, node: str, caller: Caller, **details: str) -> None:
        entry = Entry(
            act=act, at=self.clock(), actor=caller.account, unit=caller.unit, subject=node, details={**details}
        )
        tx.journal.record(entry)


def _of(directory: Directory | None, node: str) -> Member | None:
    return directory.member(node) if directory else None


def _as_measured(tx: Transaction, member: Member, today: date) -> Member:
    """A member's line as its measures in force make it: whatever they are, other releases read "suspended".

    One without any stays as it is: an earlier release may have suspended it.
    """
    in_force = tuple(one.measure for one in tx.measures.in_force(member.id) if not one.measure.over(today))
    if not in_force and not member.measures:
        return member
    measured = msgspec.structs.replace(member, standing=Standing.ACTIVE, reason="", measures=in_force)
    if (gravest := measured.measure(today)) is None:
        return measured
    word = "" if gravest.standing is Standing.SUSPENDED else f"{gravest.standing}: "
    reason = f"{word}{gravest.reason}"[: limits.TEXT_CHARS_MAX]
    return msgspec.structs.replace(measured, standing=Standing.SUSPENDED, reason=reason)


def _digest(code: str, country_code: str) -> str:
    return hashlib.sha256(f"{country_code} {code}".encode()).hexdigest()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
