"""The leaf that stands in the log for an entry of the journal: a salted commitment, which tells nothing by itself."""

import hashlib

from comity.domain.errors import Invalid
from comity.domain.journal import Act, Entry
from comity.wire.canonical import b64u, encode
from comity.wire.merkle import leaf_hash

SALT_BYTES = 32

# act: the sort of entry that every reader of the log may see. `access` to the node and its accounts, `disclosure` of
# something to someone, `query`, `receipt` of what came in or left the holdings, `policy`, `key`.
SORTS: dict[Act, str] = {
    Act.NODE_CREATED: "key",
    Act.NODE_STARTED: "access",
    Act.NODE_STOPPED: "access",
    Act.MEMBER_INVITED: "key",
    Act.MEMBER_JOINED: "key",
    Act.MEMBER_APPROVED: "key",
    Act.MEMBER_SUSPENDED: "key",
    Act.MEMBER_SUPERVISED: "key",
    Act.MEMBER_RESTRICTED: "key",
    Act.MEMBER_RESTORED: "key",
    Act.MEMBER_RENEWED: "key",
    Act.ONBOARDING_CHECKED: "key",
    Act.MEMBER_ONBOARDED: "key",
    Act.MEASURE_PROPOSED: "key",
    Act.MEASURE_DROPPED: "key",
    Act.DIRECTORY_FOLLOWED: "key",
    Act.KEYS_SIGNED: "key",
    Act.KEYS_LOGGED: "key",
    Act.KEYS_FOLLOWED: "key",
    Act.KEYS_REFUSED: "key",
    Act.KEYS_RENEWED: "key",
    Act.KEYS_DESTROYED: "key",
    Act.KEYS_RECOVERED: "key",
    Act.AGREEMENT_ADOPTED: "policy",
    Act.LAW_SIGNED: "policy",
    Act.LAW_PROPOSED: "policy",
    Act.LAW_PUBLISHED: "policy",
    Act.LAW_REFUSED: "policy",
    Act.ACCOUNT_OPENED: "access",
    Act.ACCOUNT_SUSPENDED: "access",
    Act.UNIT_PLACED: "access",
    Act.ACCOUNT_RESTORED: "access",
    Act.SIGNED_IN: "access",
    Act.SIGN_IN_REFUSED: "access",
    Act.LOOKUP_ASKED: "query",
    Act.LOOKUP_SHOWN: "disclosure",
    Act.LOOKUP_ANSWERED: "disclosure",
    Act.LOOKUP_REFUSED: "query",
    Act.LOOKUP_HELD: "query",
    Act.LOOKUP_RELEASED: "disclosure",
    Act.LOOKUP_REVIEWED: "query",
    Act.LOOKUP_ANSWERED_LATE: "disclosure",
    Act.LOOKUP_SHOWN_LATE: "disclosure",
    Act.LOOKUPS_EXPIRED: "receipt",
    Act.WATCH_SET: "query",
    Act.WATCH_ENDED: "query",
    Act.BATCH_SCREENED: "query",
    Act.BATCH_DECIDED: "receipt",
    Act.BATCH_EXPORTED: "disclosure",
    Act.BATCH_ERASED: "receipt",
    Act.RECORDS_IMPORTED: "receipt",
    Act.RECORDS_SHARED: "receipt",
    Act.RECORDS_EXPORTED: "disclosure",
    Act.RECORD_SHOWN: "disclosure",
    Act.RECORD_WITHDRAWN: "receipt",
    Act.RECORD_EXTENDED: "receipt",
    Act.RECORD_READMITTED: "receipt",
    Act.REVIEWS_DUE: "receipt",
    Act.RECORDS_SHORTENED: "receipt",
    Act.RECORDS_EXPIRED: "receipt",
    Act.LINKS_PROPOSED: "query",
    Act.LINK_SHOWN: "disclosure",
    Act.LINK_ACCEPTED: "receipt",
    Act.LINK_REJECTED: "receipt",
    Act.HIT_ALERTED: "disclosure",
    Act.HIT_CONFIRMATION_REQUESTED: "query",
    Act.HIT_CONFIRMED: "disclosure",
    Act.HIT_DENIED: "disclosure",
    Act.HIT_PROMISED: "receipt",
    Act.HIT_ESCALATED: "receipt",
    Act.CONSENT_REQUESTED: "query",
    Act.CONSENT_GIVEN: "disclosure",
    Act.CONSENT_REFUSED: "receipt",
    Act.OVERRIDE_PROPOSED: "policy",
    Act.OVERRIDE_CONFIRMED: "policy",
    Act.OVERRIDE_SEEN: "policy",
    Act.CASE_OPENED: "receipt",
    Act.CASE_SHOWN: "disclosure",
    Act.CASE_CHANGED: "receipt",
    Act.CASE_CLOSED: "receipt",
    Act.CASE_REOPENED: "receipt",
    Act.CASE_ENDING: "receipt",
    Act.CASE_EMPTIED: "receipt",
    Act.MESSAGE_DRAFTED: "receipt",
    Act.MESSAGE_SENT: "disclosure",
    Act.MESSAGE_REFUSED: "query",
    Act.MESSAGE_ARRIVED: "receipt",
    Act.MESSAGE_SHOWN: "disclosure",
    Act.MESSAGE_FILED: "receipt",
    Act.MESSAGE_OPENED: "receipt",
    Act.MESSAGE_TRANSLATED: "disclosure",
    Act.MESSAGE_ESCALATED: "receipt",
    Act.MESSAGE_ENDING: "receipt",
    Act.MESSAGE_EMPTIED: "receipt",
    Act.FILE_ATTACHED: "receipt",
    Act.FILE_ARRIVED: "receipt",
    Act.FILE_SHOWN: "disclosure",
    Act.FILE_DESTROYED: "receipt",
    Act.OVERRIDE_NOTICED: "policy",
    Act.RECORD_PASSED: "disclosure",
    Act.PASSING_WITHDRAWN: "receipt",
    Act.PASSING_SHOWN: "disclosure",
    Act.OPERATION_FOUNDED: "receipt",
    Act.OPERATION_SHOWN: "disclosure",
    Act.OPERATION_WRITTEN: "disclosure",
    Act.OPERATION_REFUSED: "query",
    Act.OPERATION_ARRIVED: "receipt",
    Act.OPERATION_FILED: "receipt",
    Act.LETTER_EXPIRED: "receipt",
    Act.LETTER_PARKED: "receipt",
    Act.LETTER_REFUSED: "receipt",
    Act.LETTER_RECALLED: "receipt",
    Act.LETTERS_LOST: "receipt",
    Act.LANE_RESUMED: "receipt",
    Act.LETTER_HELD: "receipt",
    Act.LETTER_REVIEWED: "receipt",
    Act.POST_ALARM: "receipt",
    Act.POST_ALARM_CLEARED: "receipt",
    Act.LOG_ALARM: "receipt",
    Act.LOG_ALARM_CLEARED: "receipt",
    Act.LOG_ALIVE: "access",
    Act.JOURNAL_READ: "access",
}


def commitment(entry: Entry, salt: bytes) -> bytes:
    """The leaf: canonical JSON of version, sort and SHA-256 over salt and entry. `salt`: 32 random bytes of its own."""
    # Without a full salt the few words of an entry could be guessed from the leaf. Falls without it:
    # tests/wire/test_leaf.py
    if len(salt) != SALT_BYTES:
        raise Invalid(f"A salt has {SALT_BYTES} bytes, not {len(salt)}.")
    committed = hashlib.sha256(b"comity.leaf.v1" + salt + encode(entry)).digest()
    return encode({"c": b64u(committed), "t": SORTS[entry.act], "v": 1})


def leaf_hash_of(entry: Entry, salt: bytes) -> bytes:
    """The leaf's hash in the tree (RFC 6962)."""
    return leaf_hash(commitment(entry, salt))
