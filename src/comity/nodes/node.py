"""A node with all its parts, and every joint between them in one place."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from comity import __version__
from comity.analysis.linkage import Computing
from comity.analysis.misuse.suspects import suspects
from comity.analysis.resolve import resolver
from comity.desks.accounts import Accounts
from comity.desks.agreements import Agreements
from comity.desks.answering import Answering
from comity.desks.arriving_mail import ArrivingMail
from comity.desks.batches import Batches
from comity.desks.bulletins import Bulletins
from comity.desks.bundles import Bundles
from comity.desks.cases import Cases
from comity.desks.consents import Consents
from comity.desks.consultations import Consultations
from comity.desks.copies import Copies
from comity.desks.deposits import Deposits
from comity.desks.disclosures import Disclosures
from comity.desks.elsewhere import Elsewhere
from comity.desks.endings import Endings
from comity.desks.events import Events
from comity.desks.file_post import FilePost
from comity.desks.file_room import FileRoom
from comity.desks.files import Files
from comity.desks.here import Here
from comity.desks.hits import Hits
from comity.desks.incidents import Incidents
from comity.desks.keeping import Keeping
from comity.desks.lanes import Lanes
from comity.desks.late import LateAnswers
from comity.desks.letter_review import LetterReview
from comity.desks.letters import Letters
from comity.desks.links import Links
from comity.desks.log_alarms import LogAlarms
from comity.desks.lookups import Lookups
from comity.desks.mail import Mailroom
from comity.desks.measures import Measures
from comity.desks.members import Members
from comity.desks.membership import Membership
from comity.desks.message_recalls import MessageRecalls
from comity.desks.misuse import Misuse
from comity.desks.needs import Clock, Once
from comity.desks.onboarding import Onboarding
from comity.desks.opening_terms import OpeningTerms
from comity.desks.operation_log import OperationLog
from comity.desks.operations import Operations
from comity.desks.overrides import Overrides
from comity.desks.oversight import Oversight
from comity.desks.own_records import OwnRecords
from comity.desks.passing import Passings
from comity.desks.passkeys import Passkeys
from comity.desks.post import Post
from comity.desks.postroom import PostRoom
from comity.desks.precaution import Precaution
from comity.desks.proofs import Proofs
from comity.desks.quotas import Quotas
from comity.desks.recalls import Recalls
from comity.desks.receipts import Receipts
from comity.desks.reconciliation import Reconciliation
from comity.desks.records import Records
from comity.desks.rights import Rights
from comity.desks.rights_decisions import RightsDecisions
from comity.desks.sanctions import Sanctions
from comity.desks.search import Search
from comity.desks.sessions import Sessions
from comity.desks.sharing import Sharing
from comity.desks.shortening import Shortening
from comity.desks.spot_checks import SpotChecks
from comity.desks.statistics import Statistics
from comity.desks.supervision import Supervision
from comity.desks.translations import Translations
from comity.desks.upkeep import Upkeep
from comity.desks.watches import Watches
from comity.desks.why_not import WhyNot
from comity.domain import limits
from comity.domain.bureau import Directory, Manifest, Member
from comity.domain.caller import Caller
from comity.domain.errors import Conflict, Missing, NotPermitted, Unavailable
from comity.domain.evidence import Evidence, Proof
from comity.domain.journal import DISCLOSURES, KEYS
from comity.domain.known_types import make_types_known
from comity.domain.reconciliation import ReconciliationAsked
from comity.keys import files as key_files
from comity.keys.book import KeyBook
from comity.keys.rolling import RollingSigner
from comity.keys.storage_key import storage_key
from comity.keys.witness import WitnessKeys
from comity.keys.wrapped_by import wrapping_key
from comity.keys.wrapping import WrappingKey
from comity.matching.compare import compare
from comity.nodes.documents import Documents
from comity.nodes.enrolment import KEYS_FOLDER, operator_of, origin, own_manifest, signer_of_directories
from comity.nodes.file_store import wholes
from comity.nodes.key_log import KeyLog
from comity.nodes.letter_keys import LetterKeys
from comity.nodes.log import Log
from comity.nodes.log_files import LogFiles
from comity.nodes.log_policy import policy_text
from comity.nodes.mirror import Mirror
from comity.nodes.own_keys import OwnKeys
from comity.nodes.preserved import Preserved
from comity.nodes.promising import Promising
from comity.nodes.renewal import Renewal, carry_through
from comity.nodes.rounds import Round, Rounds
from comity.nodes.settings import ConsoleSettings, Settings, read_settings
from comity.nodes.sites import read_sites
from comity.nodes.told_settings import told
from comity.nodes.witness import Witness
from comity.peers.ask import Ask
from comity.peers.bulletin import BulletinFollower
from comity.peers.clamd import Clamd
from comity.peers.courier import Courier
from comity.peers.exchange import Exchange
from comity.peers.file_courier import FileCourier
from comity.peers.file_drop import FileDrop
from comity.peers.follower import MANIFESTS, Follower, pinned_hub
from comity.peers.key_follower import KeyFollower
from comity.peers.line import HttpsLine, Line
from comity.peers.log_follower import LogFollower
from comity.peers.mail_drop import MailDrop
from comity.peers.proofs import ProofFollower
from comity.peers.reconciling import Reconciling
from comity.peers.sealed_courier import SealedCourier
from comity.peers.witnesses import Witnesses
from comity.storage.database import Database
from comity.storage.growing_files import GrowingFiles
from comity.storage.room_disk import RoomDisk
from comity.storage.sealed_files import SealedFiles
from comity.web.console.door import PAGES, ConsoleDoor
from comity.web.console.needs import ConsoleDesks
from comity.web.console.pages import Pages
from comity.web.federation.door import FederationDoor
from comity.web.metrics import Metrics
from comity.web.officer.door import OfficerDoor
from comity.web.watch import WatchDoor
from comity.wire.evidence import read_evidence, write_evidence
from comity.wire.http import authority_of
from comity.wire.keys import Chain
from comity.wire.manifest import node_pair, verified_manifest
from comity.wire.reconciliation import signed_reconciled

CARRY = ("deliver", "bring post", "bring files")  # rounds that are woken as letters are written


def utc_now() -> datetime:
    return datetime.now(UTC)


class Node:
    """A hub or a bureau, opened from its folder. `line`, `clock` and `entropy` are the world outside."""

    def __init__(
        self,
        folder: Path,
        line: Line | None = None,
        clock: Clock = utc_now,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        make_types_known()
        self.folder = folder
        self.clock = clock
        self.settings: Settings = read_settings(folder)
        carry_through(folder)
        loaded = key_files.load(folder / KEYS_FOLDER)
        self.signer = RollingSigner(loaded.node)
        self.keys = replace(loaded, node=self.signer)
        self.manifest, self.signed_manifest, self.fingerprint = own_manifest(folder)
        _check_one_node(self.settings, self.manifest, self.keys)
        self.here = _here(self.settings)
        wrapped = self.settings.keys
        secret = wrapping_key(folder / KEYS_FOLDER, wrapped.wrapping_file, wrapped.wrapping_variable, os.environ)
        self.store = Database(
            self.settings.database_url(folder),
            origin(self.here.node),
            self.settings.index_folder(folder),
            key_files.index_key(folder / KEYS_FOLDER) if self.settings.index.encrypted else None,
            storage_key(folder / KEYS_FOLDER, WrappingKey(secret)),
        )
        self.metrics = Metrics()

        # desks
        documents = Documents(self.here.node, self.keys.node)
        self.agreements = Agreements(self.here, self.store, clock, documents, self.settings.law.trial_texts)
        self.bulletins = Bulletins(self.here, self.store, clock, documents)
        self.bundles = Bundles(self.here, self.store, clock, documents, self.bulletins)
        self.members = Members(self.here, self.store, clock, signer_of_directories(self.keys.node))
        self.onboarding = Onboarding(self.here, self.store, self.agreements.law, clock, self.members)
        self.measures = Measures(self.here, self.store, clock, entropy, self.members)
        self.accounts = Accounts(self.here, self.store, clock, entropy)
        self.passkeys = Passkeys(self.store, clock, entropy)
        console = self.settings.console or ConsoleSettings()
        self.sessions = Sessions(self.here, self.store, clock, entropy, console.session_hours, console.idle_minutes)
        self.oversight = Oversight(self.here, self.store, self.agreements.law, clock)
        self.disclosures = Disclosures(self.here, self.store, self.agreements.law, clock, self.oversight)
        self.spot_checks = SpotChecks(self.store, clock, entropy, self.oversight)
        self.statistics = Statistics(self.store, clock, self.oversight)
        self.opening_terms = OpeningTerms(self.here, self.store, self.agreements.law, clock)
        watched, sites = self.settings.misuse, read_sites(self.settings.misuse.sites)
        self.misuse = Misuse(self.here, self.store, suspects, sites, watched.false_alarms, clock)
        self.hits = Hits(self.here, self.store, clock)
        sharing = Sharing(self.here, self.agreements.law, clock, entropy)
        self.records = Records(self.here, self.store, self.hits, sharing, self.agreements.law, clock)
        self.shortening = Shortening(self.here, self.store, self.agreements.law, clock)
        self.deposits = Deposits(self.here, self.store, sharing, self.agreements.law, clock, entropy)
        self.why_not = WhyNot(self.store, self.records, clock)
        self.own_records = OwnRecords(self.records)
        self.keeping = Keeping(self.here, self.store, self.records, self.agreements.law, clock)
        linkage = self.settings.linkage
        self.links = Links(
            self.here,
            self.store,
            self.agreements.law,
            resolver(Computing(engine=linkage.engine, spark_master=linkage.spark_master, memory_gb=linkage.memory_gb)),
            clock,
        )
        search = Search(self.here, compare)
        self.late = LateAnswers(self.here, self.store, search, self.agreements.law, clock)
        self.supervision = Supervision(self.here, self.store, search, self.agreements.law, self.late, clock)
        self.quotas = Quotas(self.store, self.agreements.law, clock)
        copies = Copies(self.here, self.hits, self.agreements.law, clock)
        self.consents = Consents(self.here, self.store, clock, entropy)
        self.cases = Cases(self.here, self.store, clock, entropy)
        receipts = Receipts(self.here, clock, self._signed_evidence)
        self.mail = Mailroom(self.here, self.store, self.agreements.law, clock, entropy, receipts)
        self.translations = Translations(self.mail)
        self.arriving_mail = ArrivingMail(self.here, self.store, self.agreements.law, clock)
        self.endings = Endings(self.here, self.store, self.agreements.law, clock)
        self.overrides = Overrides(self.here, self.store, clock, entropy, self.settings.oversight.body)
        self.passings = Passings(self.here, self.store, self.agreements.law, self.consents, clock, entropy)
        self.consultations = Consultations(self.here, self.store, clock, entropy)
        self.rights = Rights(self.here, self.store, self.consultations, compare, clock, entropy)
        self.precaution = Precaution(self.store, self.records, clock)
        self.rights_decisions = RightsDecisions(
            self.here,
            self.store,
            self.records,
            self.precaution,
            self.passings,
            self.disclosures,
            clock,
            entropy,
        )
        self.incidents = Incidents(self.here, self.store, self.agreements.law, clock, entropy)
        self.sanctions = Sanctions(self.here, self.store, self.accounts, self.measures, clock, entropy)
        operation_log = OperationLog(self.here, self.store, self.agreements.law, clock)
        self.operations = Operations(operation_log, entropy)
        self.events = Events(self.store, self.mail, self.operations)
        sign = self._signed_evidence
        self.recalls = Recalls(self.here, self.store, clock, receipts)
        self.message_recalls = MessageRecalls(self.mail, self.recalls)
        self.lanes = Lanes(self.store, clock)
        self.letters = Letters(
            self.store,
            clock,
            self.hits,
            copies,
            self.late,
            self.consents,
            self.arriving_mail,
            self.passings,
            self.overrides,
            operation_log,
            self.recalls,
            self.lanes,
            self.bundles,
            self.consultations,
            self.incidents,
        )
        self.letter_review = LetterReview(self.here, self.store, self.letters, clock)
        self.proofs = Proofs(self.here, self.store, self.letters, self.settings.proofs.rules, self._proves, clock)
        self.post = Post(
            self.here,
            self.store,
            clock,
            self.letters,
            self.recalls,
            self.lanes,
            self.arriving_mail,
            sign,
            self.proofs.hold,
        )
        self.postroom = PostRoom(self.here, self.store, clock, sign)
        kept = self.settings.files_folder(folder)
        disk = SealedFiles(kept / "sealed")
        self.files = Files(self.store, self.mail, disk, clock, entropy)
        scanner = Clamd(self.settings.files.clamd) if self.settings.files.clamd else None
        self.file_post = FilePost(self.here, self.store, disk, clock, scanner)
        room = RoomDisk(GrowingFiles(kept / "coming"), wholes(self.settings.files, kept / "whole"))
        self.file_room = FileRoom(self.here, self.store, room, clock)
        self.log = Log(self.here.node, self.store, self.keys.node, clock)
        self.log_files = LogFiles(self.store)

        # keys: our own, everybody's, and at a hub the log of them
        self.witness_keys = WitnessKeys(self.here.node, self.keys.node, key_files.witness_seed(folder / KEYS_FOLDER))
        self.own_keys = OwnKeys(
            folder / KEYS_FOLDER,
            self.manifest,
            self.fingerprint,
            self.keys.root,
            WrappingKey(secret),
            self.witness_keys.vkey,
            self.store,
            clock,
        )
        self.renewal = Renewal(folder, self.here.is_hub, self.store, clock, self._announce, self._use)
        self.preserved = Preserved(folder, self.here.node, secret, wrapped.recovery_folder)
        self.key_book = KeyBook(self.store, self._held_directory, self.here.is_hub)
        self.membership = Membership(
            self.here,
            self.store,
            self.directory,
            self._keys_of,
            (self.own_keys.advice, self.preserved.advice),
            clock,
        )
        self.key_log = KeyLog(self.here.node, self.store, self.keys.node, clock)

        self.witness = Witness(self.here.node, self.store, self.directory, self.witness_keys, clock)
        self.log_alarms = LogAlarms(self.store, clock)
        self.reconciliation = Reconciliation(self.here, self.store, clock)

        # other nodes
        self.line = line or HttpsLine(self.keys.tls_certificate_file, self.keys.tls_key_file)
        self.exchange = Exchange(self.line, self.keys.node, clock, entropy)
        self.sealed_courier = SealedCourier(
            self.here.node,
            self.store,
            self.directory,
            self.exchange,
            LetterKeys(self.key_book, self.own_keys.epochs),
            self.post,
            clock,
            self.metrics,
        )
        self.file_courier = FileCourier(self.here.node, self.directory, self.exchange, disk, self.file_post, clock)
        self.mail_drop = MailDrop(self.store, self.sealed_courier, FileDrop(disk, self.file_post))
        self.courier = Courier(
            self.store, self.directory, self.exchange, clock, self.metrics, self.sealed_courier.seals_to
        )
        self.follower = Follower(self.store, self.exchange, self.members.follow, clock)
        self.key_follower = KeyFollower(self.store, self.exchange, clock)
        self.bulletin_follower = BulletinFollower(self.store, self.exchange, self.bulletins, clock)

        own_logs = (DISCLOSURES, KEYS) if self.here.is_hub else (DISCLOSURES,)
        self.witnesses = Witnesses(
            self.here.node, own_logs, self.store, self.exchange, self.directory, self.key_book.witness_of, clock
        )
        self.log_follower = LogFollower(
            self.here.node,
            self.store,
            self.exchange,
            self.directory,
            self._proves,
            clock,
        )

        self.proof_follower = ProofFollower(
            self.here.node, self.exchange, self.directory, self.log_follower, self.log_policy, self.proofs
        )
        self.reconciling = Reconciling(self.here.node, self.exchange, self.reconciliation)
        self.mirror = Mirror(self.store, self.log_follower)

        # lookups stand between the two: asked here, answered elsewhere
        self.answering = Answering(self.here, self.store, search, self.agreements.law, clock)
        self.elsewhere = Elsewhere(
            self.here,
            Ask(self.here.node, self.directory, self.exchange),
            clock,
            self.settings.lookups.answer_within_seconds,
            self.settings.lookups.asked_at_once_max,
        )
        self.lookups = Lookups(
            self.here,
            self.store,
            search,
            self.agreements.law,
            self.elsewhere,
            clock,
            entropy,
            self.settings.proofs.earlier_releases,
        )
        self.batches = Batches(self.store, self.lookups, self.agreements.law, clock)
        self.watches = Watches(self.here, self.store, self.lookups, clock)

        # doors
        self.federation_door = FederationDoor(
            node=self.here.node,
            authority=authority_of(self.manifest.address),
            signer=self.keys.node,
            clock=clock,
            directory=self.directory,
            take=self._take,
            heard_from=self.courier.heard_from,
            answering=self.answering,
            promised=Promising(self.keys.node, clock, self.settings.proofs.merge_within_seconds),
            letters=self.letters,
            postroom=self.postroom,
            file_room=self.file_room,
            published_directory=self._published_directory,
            published_measures=self._published_measures,
            key_page=self._key_page,
            publish_keys=self._publish_keys,
            renew=self._renew_member,
            bulletin=self.bulletins.page,
            law_document=self.bulletins.document,
            log_file=self.log_files.file,
            witness=self.witness,
            openings=self.proofs.openings,
            reconcile=self._reconciled,
            counter=self.metrics,
        )
        self.upkeep = Upkeep(
            self.store,
            self.agreements.law,
            clock,
            __version__,
            told(self.settings),
            lambda: self.watch_door.health(),
            lambda: self.rounds.told(),
            lambda: self.preserved.kept(self.store.size_bytes()),
        )
        self.desks = ConsoleDesks(
            lookups=self.lookups,
            hits=self.hits,
            batches=self.batches,
            watches=self.watches,
            late=self.late,
            links=self.links,
            cases=self.cases,
            mail=self.mail,
            proofs=self.proofs,
            files=self.files,
            translations=self.translations,
            message_recalls=self.message_recalls,
            passings=self.passings,
            consents=self.consents,
            overrides=self.overrides,
            rights=self.rights,
            rights_decisions=self.rights_decisions,
            consultations=self.consultations,
            precaution=self.precaution,
            incidents=self.incidents,
            operations=self.operations,
            oversight=self.oversight,
            disclosures=self.disclosures,
            statistics=self.statistics,
            spot_checks=self.spot_checks,
            events=self.events,
            accounts=self.accounts,
            sites=sites,
            name_of=self._name_of,
            counter=self.metrics,
            sessions=self.sessions,
            passkeys=self.passkeys,
            log=self.log,
            log_policy=self.log_policy,
            log_alarms=self.log_alarms,
            post_alarms=self.post,
            misuse=self.misuse,
            agreements=self.agreements,
            bundles=self.bundles,
            supervision=self.supervision,
            letter_review=self.letter_review,
            measures=self.measures,
            sanctions=self.sanctions,
            post=self.post,
            directory=self.directory,
            own_records=self.own_records,
            records=self.records,
            keeping=self.keeping,
            membership=self.membership,
            onboarding=self.onboarding,
            lanes=self.lanes,
            upkeep=self.upkeep,
        )
        self.officer_door = OfficerDoor(self.desks)
        self.console_door = self._console(self.settings.console) if self.settings.console else None
        self.federation_door.authorities = self._authorities(self._own_member())
        self.rounds = Rounds(self._rounds())
        self.store.letters_written = partial(self.rounds.wake, *CARRY)
        self.watch_door = WatchDoor(
            self._checks(),
            self.metrics,
            {"keys": self.own_keys.advice, "recovery": self.preserved.advice, "logs": self._log_advice},
            self.log_files.file,
        )
        self.metrics.read_journal(self.log.size)
        self.metrics.read_waiting(self._waiting)
        self.metrics.read_postroom(self.postroom.depths)
        self.metrics.read_alarms(self._alarms)
        self.metrics.read_log_alarms(lambda: Counter(one.wrong.value for one in self.log_alarms.every().values()))
        self.metrics.read_index(self.store.index.measures)

    def _console(self, chosen: ConsoleSettings) -> ConsoleDoor:
        pages = Pages(PAGES, self.settings.node.name, chosen.demo_sign_in)
        return ConsoleDoor(self.desks, pages, self.clock, chosen.address)

    def directory(self) -> Directory | None:
        """The directory that may be used now: an expired one is none, and whose keys are revoked is suspended."""
        with self.store.reading() as tx:
            held, entries = self._unexpired(tx.members.directory()), tx.key_log.size()
        return self.key_book.as_revoked(held, entries, self.clock().date()) if held else None

    def _keys_of(self, node: str) -> Chain | None:
        return self.own_keys.chain() if node == self.here.node else self.key_book.chain_of(node)

    def tend_keys(self) -> None:
        """Make, sign and destroy our own keys; publish what is signed; bring the copy of everybody's up to date.

        A silent hub, none yet, or one of an earlier release is no fault of ours.
        """
        self.own_keys.tend()
        self.preserved.keep(self.own_keys.chain(), self.pinned())
        directory = self._held_directory()
        member = directory.member(self.here.node) if directory else None
        if member is None:
            return
        if self.here.is_hub:
            for document in self._unpublished():
                self.key_log.publish(document, member)
            return
        with suppress(Unavailable, Missing):
            self.key_follower.follow_once()
            if self.key_follower.publish(self._unpublished()):
                self.key_follower.follow_once()

    def tend_renewal(self) -> None:
        """What others hear of new keys, certificate or address of ours, a step at a time. A silent hub is no fault."""
        own = self._own_member()
        self.federation_door.authorities = self._authorities(own)
        with suppress(Unavailable, Missing):
            self.renewal.tend(own)

    def _own_member(self) -> Member | None:
        directory = self._held_directory()
        return directory.member(self.here.node) if directory else None

    def _authorities(self, own: Member | None) -> tuple[str, ...]:
        return tuple(dict.fromkeys((authority_of(self.manifest.address), *self.renewal.addresses(own))))

    def _announce(self, signed: str) -> None:
        if self.here.is_hub:
            self._renew_member(signed.encode(), None)
            return
        with self.store.reading() as tx:
            hub = pinned_hub(tx)
        self.exchange.post(hub, MANIFESTS, signed.encode(), limits.KEYS_WITHIN_SECONDS, limits.QUESTION_BYTES_MAX)

    def _renew_member(self, signed: bytes, member: Member | None) -> bool:
        """At the hub; `member` None is the hub itself."""
        self._hub_has_log()
        manifest, fingerprint = verified_manifest(signed.decode("utf-8", "replace"))
        # Falls without it: tests/federation/test_renewal.py
        if manifest.node != (member.id if member is not None else self.here.node):
            raise NotPermitted(f"Only {manifest.node} brings its own manifest.", do="Bring your own.")
        return self.members.renew(manifest, signed.decode("utf-8"), fingerprint)

    def _use(self, keys: key_files.Keys) -> None:
        """Sign and connect with these from now on."""
        self.signer.now = keys.node
        self.manifest, self.signed_manifest, self.fingerprint = own_manifest(self.folder)
        self.own_keys.manifest = self.manifest
        if isinstance(self.line, HttpsLine):
            self.line.close()  # the next connection shows the new certificate

    def pinned(self) -> tuple[str, str, str] | None:
        """(name, fingerprint, signed manifest) of the hub that this bureau joined."""
        with self.store.reading() as tx:
            return tx.members.hub()

    def _unpublished(self) -> list[bytes]:
        with self.store.reading() as tx:
            published = {one.signed for _, one in tx.key_log.of(self.here.node)}
        return [one for one in self.own_keys.documents.every() if one not in published]

    def _key_page(self, after: int, root: str) -> bytes | None:
        self._hub_has_log()
        return self.key_log.page(after, root)

    def _publish_keys(self, document: bytes, member: Member) -> int:
        self._hub_has_log()
        return self.key_log.publish(document, member)

    def _hub_has_log(self) -> None:
        if not self.here.is_hub:
            raise Missing("This node keeps no log of keys for others.", do="Ask the hub.")

    def _held_directory(self) -> Directory | None:
        with self.store.reading() as tx:
            return self._unexpired(tx.members.directory())

    def _unexpired(self, held: Directory | None) -> Directory | None:
        return held if held and datetime.fromisoformat(held.expires_at) > self.clock() else None

    def _name_of(self, node: str) -> str:
        directory = self.directory()
        member = directory.member(node) if directory else None
        return member.manifest.name if member else node

    def _take(self, once: Once) -> None:
        """In storage before the request is served, so that neither a restart nor a second process forgets it."""
        with self.store.together() as tx:
            once(tx)
            tx.commit()

    def _published_directory(self) -> tuple[int, bytes] | None:
        if not self.here.is_hub:
            return None
        with self.store.reading() as tx:
            held = tx.members.directory()
            return (held.version, tx.members.signed()) if held else None

    def _published_measures(self) -> bytes:
        if not self.here.is_hub:
            return b""
        with self.store.reading() as tx:
            return tx.members.signed_measures()

    def _signed_evidence(self, evidence: Evidence) -> Proof:
        return write_evidence(evidence, self.keys.node)

    def _proves(self, node: str) -> bool:
        """Whether a member's release keeps a log that others cosign."""
        return self.key_book.witness_of(node) is not None

    def _reconciled(self, asked: ReconciliationAsked, member: Member) -> bytes:
        return signed_reconciled(self.reconciliation.answer(asked, member), self.keys.node)

    def log_policy(self) -> bytes:
        """Whom this node believes about logs, as a file."""
        return policy_text(self.directory(), self.key_book.witness_of, self.settings.witnesses.policy)

    def evidence_of(self, letter: str) -> list[Proof]:
        """Everything signed about one letter, the earliest first, each signature verified anew."""
        directory = self.directory()
        if directory is None:
            raise Unavailable("This node holds no directory that may be used.", do="See that it can reach its hub.")
        return [
            read_evidence(proof.signed, self.sealed_courier.pair_of, directory.hub)
            for proof in self.post.evidence(letter)
        ]

    def operator(self, login: str) -> Caller:
        """Whoever works on this machine as the node's own user: what they do is journalled under their login."""
        return operator_of(self.settings.node, login)

    def close(self) -> None:
        self.rounds.stop(limits.STOP_WITHIN_SECONDS)
        self.file_courier.stopping.set()
        self.courier.close()
        self.sealed_courier.close()
        self.elsewhere.close()
        if isinstance(self.line, HttpsLine):
            self.line.close()
        self.store.close()

    def _rounds(self) -> Sequence[Round]:
        every, hub = self.settings.rounds, self.here.is_hub
        compact_after_seconds = self.settings.index.compact_hours * 3600
        return (
            Round("deliver", every.deliver_seconds, lambda: self.courier.start_round(self.clock())),
            Round("bring post", every.deliver_seconds, self._bring, limits.POST_AGAIN_SECONDS),
            Round("fetch post", every.fetch_seconds, self.sealed_courier.fetch, limits.POST_AGAIN_SECONDS, waits=True),
            Round("bring files", every.deliver_seconds, self.file_courier.bring, limits.POST_AGAIN_SECONDS),
            Round("fetch files", every.fetch_seconds, self.file_courier.fetch, limits.POST_AGAIN_SECONDS),
            Round("tend files", every.clocks_seconds, self.file_room.tend if hub else self.file_post.expire),
            # A store elsewhere is not asked every few seconds what lies there.
            Round("sweep files", every.expiry_seconds, self.file_room.sweep)
            if hub
            else Round("sweep files", every.clocks_seconds, self.files.sweep),
            Round("follow", every.follow_seconds, self._refresh if hub else self._follow),
            Round("deposits", every.follow_seconds, self.deposits.tend),
            Round("shortening", every.follow_seconds, self.shortening.tend),
            Round("keys", every.keys_seconds, self.tend_keys),
            Round("renewal", every.keys_seconds, self.tend_renewal),
            Round("checkpoint", every.checkpoint_seconds, self.log.sign),
            Round("sign of life", every.logs_seconds, self.log.keep_alive),
            Round("witnesses", every.witness_seconds, self._witnessed, spaced_seconds=limits.WITNESSES_SPACED_SECONDS),
            Round("proofs", every.proofs_seconds, self.proof_follower.follow),
            Round("logs", every.logs_seconds, self.log_follower.follow),
            Round("clocks", every.clocks_seconds, self._escalate),
            Round("index of the journal", every.clocks_seconds, self.oversight.follow, limits.OPENINGS_AGAIN_SECONDS),
            Round("compare", every.compare_seconds, self.late.compare),
            Round("index", every.index_seconds, lambda: self.store.index.tend(compact_after_seconds)),
            Round("remind", every.expiry_seconds, self.keeping.remind),
            Round("expire records", every.expiry_seconds, self.records.expire),
            Round("expire lookups", every.expiry_seconds, self.late.expire),
            Round("expire quotas", every.expiry_seconds, self.quotas.expire),
            Round("expire batches", every.expiry_seconds, self.batches.expire),
            Round("expire held", every.expiry_seconds, self._expire_held),
            Round("expire openings", every.expiry_seconds, self.opening_terms.tend),
            Round("expire cases", every.expiry_seconds, self.endings.tend),
            Round("expire passings", every.expiry_seconds, self.passings.expire),
            Round("tend incidents", every.clocks_seconds, self.incidents.tend),
            Round("tend rights", every.clocks_seconds, self.rights.tend),
            Round("expire rights", every.expiry_seconds, self.rights.expire),
            Round("expire letters", every.expiry_seconds, self.letters.expire),
            Round("expire post", every.expiry_seconds, self.postroom.expire if hub else self.post.expire),
            Round("watch post", every.clocks_seconds, self.post.watch),
        )

    def _bring(self) -> int:
        """Letters that left are read once others have seen our log, so they are asked at once."""
        brought = self.sealed_courier.bring()
        if brought:
            self.rounds.wake("witnesses")
        return brought

    def _witnessed(self) -> None:
        self.log.sign()
        self.witnesses.collect()

    def _follow(self) -> None:
        """A silent hub, or none yet, is no fault of ours: the directory held stays in use until it expires."""
        try:
            self.follower.follow_once()
            self.bulletin_follower.follow_once()
        except Unavailable:
            return

    def _escalate(self) -> None:
        self.hits.escalate()
        self.arriving_mail.escalate()

    def _expire_held(self) -> None:
        self.supervision.expire()
        self.letter_review.expire()

    def _refresh(self) -> None:
        """The hub signs what others follow anew before it is too old to be used."""
        self.members.refresh()
        self.bulletins.refresh()

    def _checks(self) -> dict[str, Callable[[], str]]:
        return {
            "database": self._database_answers,
            "index": self._index_stands,
            "directory": self._directory_stands,
            "keys": self.own_keys.failing,
            "rounds": self.rounds.failing,
        }

    def _log_advice(self) -> str:
        wrong = sorted({f"{one.origin}: {one.wrong}" for one in self.log_alarms.every().values()})
        return f"{', '.join(wrong)}; see `comity journal alarms`" if wrong else ""

    def _database_answers(self) -> str:
        self.log.size()
        self.store.check_writing()
        return ""

    def _index_stands(self) -> str:
        return "the index is being built" if self.store.index.behind() < 0 else ""

    def _directory_stands(self) -> str:
        return (
            ""
            if self.directory()
            else "no valid directory is held: the hub was not reached, or this bureau has not joined"
        )

    def _waiting(self) -> dict[str, int]:
        with self.store.reading() as tx:
            open_, sealed = Counter(tx.outbox.depths()), Counter(tx.sealed.depths())
        return open_ + sealed

    def _alarms(self) -> dict[str, int]:
        return Counter(alarm.wrong.value for alarm in self.post.alarms().values())


def _check_one_node(settings: Settings, manifest: Manifest, keys: key_files.Keys) -> None:
    """Settings, manifest and keys of one and the same node: with another's country it would apply another's law."""
    told = settings.node
    for what, here, signed in (
        ("id", told.id, manifest.node),
        ("role", told.role, manifest.role),
        ("country", told.country, manifest.country),
    ):
        if here != signed:
            raise Conflict(
                f"The settings say that {what} is {here or 'none'}, the manifest {signed or 'none'}.",
                where=f"node.{what}",
                do="Set it back: it never changes.",
            )
    if keys.node.public != node_pair(manifest):
        raise Conflict("The manifest names other node keys than those in keys/.", do="Restore both from one backup.")


def _here(settings: Settings) -> Here:
    node = settings.node
    return Here(node=node.id, role=node.role, country=node.country, contact=node.contact)
