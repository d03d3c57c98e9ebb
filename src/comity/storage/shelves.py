"""All shelves of one node in one transaction."""

from collections.abc import Callable

from sqlalchemy import Connection

from comity.storage.accounts import Accounts
from comity.storage.agreements import Agreements
from comity.storage.alarms import Alarms
from comity.storage.batches import Batches
from comity.storage.bulletin import Bulletin
from comity.storage.cases import Cases
from comity.storage.consents import Consents, Overrides
from comity.storage.contents import Contents, StorageKey
from comity.storage.evidence import EvidenceShelf
from comity.storage.file_room import FileRoom
from comity.storage.files import Files
from comity.storage.held_letters import HeldLetters
from comity.storage.held_questions import HeldQuestions
from comity.storage.hits import Hits
from comity.storage.imports import Imports
from comity.storage.inbox import Inbox
from comity.storage.incidents import Incidents, Sanctions
from comity.storage.index.view import Views
from comity.storage.journal import Journal
from comity.storage.kept import KeptQuestions
from comity.storage.kept_home import KeptHome
from comity.storage.key_log import KeyLog
from comity.storage.links import Links
from comity.storage.mail import Mails
from comity.storage.measures import Measures
from comity.storage.members import Decoded, Members
from comity.storage.misuse import HoneyRecords, MisuseAlarms
from comity.storage.nonces import Nonces
from comity.storage.onboarding import Onboarding
from comity.storage.openings import Openings
from comity.storage.operations import Operations
from comity.storage.outbox import Outbox
from comity.storage.passings import Passings
from comity.storage.passkeys import Passkeys
from comity.storage.postroom import PostRoom
from comity.storage.promises import Promises
from comity.storage.quotas import Quotas
from comity.storage.recalls import Recalls
from comity.storage.records import Records
from comity.storage.resumed import ResumedLanes
from comity.storage.reviews import Reviews
from comity.storage.rights import Rights
from comity.storage.sealed import SealedShelf
from comity.storage.sessions import Sessions
from comity.storage.spot_checks import SpotChecks
from comity.storage.units import Units
from comity.storage.witnessing import Witnessing


class Shelves:
    """What `desks.needs.Transaction` asks for. Nothing stands until `commit`; after it nothing more can be done."""

    def __init__(
        self,
        connection: Connection,
        origin: str,
        decoded: Decoded,
        key: StorageKey,
        views: Views,
        commit: Callable[[], None],
        erased: Callable[[], None],
        changed: Callable[[int], None],
    ) -> None:
        node = node_of(origin)
        self.connection = connection
        self.contents = contents = Contents(connection, key)
        self.records = Records(connection, node, views, erased, changed)
        self.journal = Journal(connection, origin, erased)
        self.openings = Openings(connection, self.journal, key)
        self.outbox = Outbox(connection, contents, node)
        self.inbox = Inbox(connection, contents)
        self.sealed = SealedShelf(connection, contents)
        self.postroom = PostRoom(connection)
        self.evidence = EvidenceShelf(connection)
        self.alarms = Alarms(connection)
        self.recalls = Recalls(connection)
        self.resumed = ResumedLanes(connection)
        self.members = Members(connection, decoded)
        self.measures = Measures(connection)
        self.accounts = Accounts(connection)
        self.units = Units(connection)
        self.sessions = Sessions(connection)
        self.passkeys = Passkeys(connection)
        self.quotas = Quotas(connection)
        self.hits = Hits(connection)
        self.agreements = Agreements(connection)
        self.bulletin = Bulletin(connection)
        self.imports = Imports(connection)
        self.nonces = Nonces(connection)
        self.kept = KeptQuestions(connection, node, erased)
        self.consents = Consents(connection)
        self.onboarding = Onboarding(connection)
        self.overrides = Overrides(connection)
        self.passings = Passings(connection, contents, erased)
        self.reviews = Reviews(connection)
        self.incidents = Incidents(connection, contents)
        self.sanctions = Sanctions(connection)
        self.rights = Rights(connection, contents, erased)
        self.kept_home = KeptHome(connection)
        self.held = HeldQuestions(connection)
        self.held_letters = HeldLetters(connection, contents)
        self.batches = Batches(connection, erased)
        self.key_log = KeyLog(connection)
        self.links = Links(connection, erased)
        self.cases = Cases(connection, contents, erased)
        self.mail = Mails(connection, contents, erased)
        self.files = Files(connection, contents)
        self.file_room = FileRoom(connection)
        self.operations = Operations(connection, contents)
        self.misuse_alarms = MisuseAlarms(connection)
        self.honey = HoneyRecords(connection)
        self.witnessing = Witnessing(connection)
        self.spot_checks = SpotChecks(connection, contents, erased)
        self.promises = Promises(connection)
        self._commit = commit

    def commit(self) -> None:
        """Everything that was done stands from now on, also what shelves noted to write it at once."""
        for shelf in (self.contents, self.inbox, self.sealed, self.journal):
            shelf.flush()
        self._commit()


def node_of(origin: str) -> str:
    """A log is named after its node: `aldova/disclosures`."""
    return origin.partition("/")[0]
