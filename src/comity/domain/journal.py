"""The journal: who did what, for whom, why and under which clause, so that it can be proved afterwards."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.dates import Moment

# The two logs of a node, as they are called behind its name.
DISCLOSURES, KEYS = "disclosures", "keys"


class Act(StrEnum):
    """Everything that is written down."""

    NODE_CREATED = "node.created"
    NODE_STARTED = "node.started"
    NODE_STOPPED = "node.stopped"
    MEMBER_INVITED = "member.invited"
    MEMBER_JOINED = "member.joined"
    MEMBER_APPROVED = "member.approved"
    MEMBER_SUSPENDED = "member.suspended"
    MEMBER_SUPERVISED = "member.supervised"
    MEMBER_RESTRICTED = "member.restricted"
    MEMBER_RESTORED = "member.restored"
    MEMBER_RENEWED = "member.renewed"  # its node keys, certificate or address, by its own root
    ONBOARDING_CHECKED = "onboarding.checked"  # one item of a new member's checklist
    MEMBER_ONBOARDED = "member.onboarded"
    MEASURE_PROPOSED = "measure.proposed"
    MEASURE_DROPPED = "measure.dropped"
    DIRECTORY_FOLLOWED = "directory.followed"
    KEYS_SIGNED = "keys.signed"  # our own: a root or a key manifest, by its custodians
    KEYS_LOGGED = "keys.logged"  # at the hub
    KEYS_FOLLOWED = "keys.followed"
    KEYS_REFUSED = "keys.refused"  # the log of keys went back, forked, or holds what nobody may have signed
    KEYS_RENEWED = "keys.renewed"  # our own node keys, certificate or address: begun, in use
    KEYS_DESTROYED = "keys.destroyed"  # of epochs that are over
    KEYS_RECOVERED = "keys.recovered"  # by the custodians, after the node was lost
    AGREEMENT_ADOPTED = "agreement.adopted"
    LAW_SIGNED = "law.signed"  # by our people, for us
    LAW_PROPOSED = "law.proposed"  # by another party, for our people to sign
    LAW_PUBLISHED = "law.published"  # at the hub; elsewhere: taken over from the bulletin
    LAW_REFUSED = "law.refused"  # by the hub; or what the bulletin names could not be used here
    ACCOUNT_OPENED = "account.opened"
    UNIT_PLACED = "unit.placed"
    ACCOUNT_SUSPENDED = "account.suspended"
    ACCOUNT_RESTORED = "account.restored"
    SIGNED_IN = "account.signed-in"
    SIGNED_OUT = "account.signed-out"
    PASSKEY_INVITED = "passkey.invited"  # somebody may register one, by a link
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_REMOVED = "passkey.removed"
    SIGN_IN_REFUSED = "account.sign-in-refused"
    LOOKUP_ASKED = "lookup.asked"
    LOOKUP_SHOWN = "lookup.shown"  # to the officer who asked
    LOOKUP_ANSWERED = "lookup.answered"  # to another node
    LOOKUP_REFUSED = "lookup.refused"
    LOOKUP_HELD = "lookup.held"  # of a supervised member: until somebody has looked at it
    LOOKUP_RELEASED = "lookup.released"
    LOOKUP_REVIEWED = "lookup.reviewed"  # elsewhere: what we asked was held there, and is decided without a finding
    LOOKUP_ANSWERED_LATE = "lookup.answered-late"  # to another node: a record came that answers what it asked before
    LOOKUP_SHOWN_LATE = "lookup.shown-late"  # to the officer who asked before
    LOOKUPS_EXPIRED = "lookups.expired"  # kept questions, and what was found late, are erased
    WATCH_SET = "watch.set"
    WATCH_ENDED = "watch.ended"
    BATCH_SCREENED = "batch.screened"
    BATCH_DECIDED = "batch.decided"  # one entry of its queue: dismissed, taken up
    BATCH_EXPORTED = "batch.exported"
    BATCH_ERASED = "batch.erased"
    RECORDS_IMPORTED = "records.imported"
    RECORDS_SHARED = "records.shared"  # received from their source
    RECORDS_EXPORTED = "records.exported"
    RECORD_SHOWN = "record.shown"
    RECORD_WITHDRAWN = "record.withdrawn"
    RECORD_EXTENDED = "record.extended"  # kept for longer, after somebody looked at it
    RECORD_READMITTED = "record.readmitted"  # it was withdrawn or had expired, and may be entered again
    REVIEWS_DUE = "reviews.due"
    RECORDS_SHORTENED = "records.shortened"  # a newer rulebook keeps them for less long
    RECORDS_EXPIRED = "records.expired"
    LINKS_PROPOSED = "links.proposed"  # records that may mean the same, by a run over all of them
    LINK_SHOWN = "link.shown"
    LINK_ACCEPTED = "link.accepted"
    LINK_REJECTED = "link.rejected"
    HIT_ALERTED = "hit.alerted"
    HIT_CONFIRMATION_REQUESTED = "hit.confirmation-requested"
    HIT_CONFIRMED = "hit.confirmed"
    HIT_DENIED = "hit.denied"
    HIT_PROMISED = "hit.promised"  # the owner gave a time
    HIT_ESCALATED = "hit.escalated"
    CONSENT_REQUESTED = "consent.requested"
    CONSENT_GIVEN = "consent.given"
    CONSENT_REFUSED = "consent.refused"  # or taken back
    OVERRIDE_PROPOSED = "override.proposed"
    OVERRIDE_CONFIRMED = "override.confirmed"  # the oversight body has a notice from then on
    OVERRIDE_SEEN = "override.seen"  # by the oversight body
    RIGHTS_RECEIVED = "rights.received"  # a person asks about themselves
    RIGHTS_ADMITTED = "rights.admitted"  # its clock runs; or why it is not examined
    RIGHTS_SEARCHED = "rights.searched"  # what is held of the person
    RIGHTS_SHOWN = "rights.shown"
    RIGHTS_CONSULTED = "rights.consulted"  # the source of a record, by us or us by another
    RIGHTS_ANSWERED = "rights.answered"  # the source's word: proposed, given, or its time is over
    RIGHTS_BLOCKED = "rights.blocked"  # a record, while the request is pending: proposed, in force, released
    RIGHTS_EXTENDED = "rights.extended"
    RIGHTS_OVERDUE = "rights.overdue"
    RIGHTS_DECIDED = "rights.decided"  # proposed by one person, confirmed by another: the reply goes out
    RIGHTS_PUBLISHED = "rights.published"  # without anything that tells who it is about
    RIGHTS_EMPTIED = "rights.emptied"  # its papers are destroyed
    INCIDENT_REPORTED = "incident.reported"  # here, or by a member that tells us
    INCIDENT_SHOWN = "incident.shown"
    INCIDENT_ASSESSED = "incident.assessed"
    INCIDENT_CONTAINED = "incident.contained"  # by which entry
    INCIDENT_TOLD = "incident.told"  # to the authority, the persons, a member
    INCIDENT_OVERDUE = "incident.overdue"  # somebody was not told in time
    INCIDENT_CLOSED = "incident.closed"  # with its lessons
    SANCTION_PROPOSED = "sanction.proposed"
    SANCTION_CONFIRMED = "sanction.confirmed"
    CASE_OPENED = "case.opened"
    CASE_SHOWN = "case.shown"
    CASE_CHANGED = "case.changed"  # its people, its references, what lies in it
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    CASE_ENDING = "case.ending"  # its last day is near
    CASE_EMPTIED = "case.emptied"  # its last day is over: only its number is left
    MESSAGE_DRAFTED = "message.drafted"  # or changed, or discarded
    MESSAGE_SENT = "message.sent"
    MESSAGE_REFUSED = "message.refused"  # the law does not let it be sent
    MESSAGE_ARRIVED = "message.arrived"
    MESSAGE_SHOWN = "message.shown"
    MESSAGE_FILED = "message.filed"
    MESSAGE_OPENED = "message.opened"  # elsewhere, by an officer
    MESSAGE_TRANSLATED = "message.translated"
    MESSAGE_ESCALATED = "message.escalated"
    MESSAGE_ENDING = "message.ending"  # its last day is near
    MESSAGE_EMPTIED = "message.emptied"  # its last day is over: only who wrote to whom, and when, is left
    FILE_ATTACHED = "file.attached"  # to a draft: begun, whole, or thrown away
    FILE_ARRIVED = "file.arrived"  # all of it, with what the scanner said; or why not
    FILE_SHOWN = "file.shown"
    FILE_DESTROYED = "file.destroyed"  # with the letter that was recalled
    OVERRIDE_NOTICED = "override.noticed"  # we are the oversight body of another member
    RECORD_PASSED = "record.passed"  # on to a third party, to us, or by another of ours; or why not
    PASSING_WITHDRAWN = "passing.withdrawn"  # taken back: asked, and erased
    PASSING_SHOWN = "passing.shown"
    OPERATION_FOUNDED = "operation.founded"
    OPERATION_SHOWN = "operation.shown"
    OPERATION_WRITTEN = "operation.written"  # by an officer here, into its log
    OPERATION_REFUSED = "operation.refused"  # the law does not let all members be told
    OPERATION_ARRIVED = "operation.arrived"  # an entry from elsewhere
    OPERATION_FILED = "operation.filed"
    LETTER_EXPIRED = "letter.expired"
    LETTER_PARKED = "letter.parked"  # of a kind this node does not know
    LETTER_REFUSED = "letter.refused"  # under seal, by its recipient
    LETTER_RECALLED = "letter.recalled"
    LETTERS_LOST = "letter.lost"  # given up unseen, here or by whoever we wrote them to
    LANE_RESUMED = "post.resumed"  # a lane that stood still is taken up again
    LETTERS_SEALED = "letters.sealed"  # to one recipient, who gets this entry whole: what each disclosed, by digest
    LETTER_PROVED = "letter.proved"  # its sender has shown that its log holds the disclosure: it is applied from now on
    LETTER_UNPROVED = "letter.unproved"  # it has not, and the letter is applied all the same
    LETTER_HELD = "letter.held"  # of a supervised member: until somebody has looked at it
    LETTER_REVIEWED = "letter.reviewed"  # it was looked at, released or refused, here or there
    POST_ALARM = "post.alarm"  # something is wrong with the sealed post
    POST_ALARM_CLEARED = "post.alarm-cleared"  # somebody has looked into it
    LOG_ALARM = "log.alarm"  # a log is not what its node signed: ours, or another's
    LOG_ALARM_CLEARED = "log.alarm-cleared"
    LOG_ALIVE = "log.alive"  # nothing else happened: so that a log that stands still is known for one
    JOURNAL_READ = "journal.read"
    SPOT_CHECK_DRAWN = "spot-check.drawn"  # entries of the journal, by lot, for review
    SPOT_CHECK_JUDGED = "spot-check.judged"  # one entry, by the first person
    SPOT_CHECK_SECONDED = "spot-check.seconded"  # the second agrees, or does not
    OPENINGS_EXPIRED = "openings.expired"  # texts of entries whose term has ended are erased; their leaves stay
    JOURNAL_RECONCILED = "journal.reconciled"  # compared with another member's, by our people or by theirs
    MISUSE_SCANNED = "misuse.scanned"  # the journal, for what is unusual
    MISUSE_ALARMED = "misuse.alarmed"  # about one officer's week
    MISUSE_LISTED = "misuse.listed"  # somebody read which alarms there are
    MISUSE_SHOWN = "misuse.shown"
    MISUSE_PROPOSED = "misuse.proposed"  # one person finds that it was misuse
    MISUSE_FOUND = "misuse.found"  # and a second one
    MISUSE_DISMISSED = "misuse.dismissed"
    HONEY_PLACED = "honey.placed"  # a record that nobody has a reason to look up; which one is not said
    HONEY_REMOVED = "honey.removed"


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One act. Only a salted commitment to it enters the tree; the entry itself is its opening."""

    act: Act
    at: Moment
    actor: str  # an account's id, a node's name, or "operator:NAME"
    unit: str = ""
    for_whom: str = ""  # the bureau asked for, or told
    subject: str = ""  # a question, hit, record, letter, member ...
    purpose: str = ""
    case: str = ""
    outcome: str = ""
    level: str = ""  # reply level
    clauses: tuple[str, ...] = ()
    records: tuple[str, ...] = ()  # ids of the records disclosed
    details: dict[str, str | int | float | bool | list[str]] = {}


class Receipt(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an entry stands: the log's origin, its index, its leaf hash (hex, RFC 6962)."""

    origin: str
    index: int
    leaf: str


class Opening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry with the salt (base64url, 32 bytes) that opens its commitment."""

    index: int
    salt: str
    entry: Entry


class Checkpoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log at one size: its Merkle tree hash (hex) and the signed note that says so (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: str
    note: str
