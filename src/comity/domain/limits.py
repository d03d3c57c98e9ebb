"""Every limit of the product, with its unit, in one place."""

# Size
REQUEST_BYTES_MAX = 1 * 1024 * 1024  # one request of an officer or a national system
QUESTION_BYTES_MAX = 64 * 1024  # one question between nodes
QUESTION_BATCH_BYTES_MAX = 1 * 1024 * 1024  # many questions between nodes in one request
LETTER_BYTES_MAX = 4 * 1024 * 1024  # one letter between nodes, signed
ANSWER_BYTES_MAX = 4 * 1024 * 1024  # one answer between nodes
DIRECTORY_BYTES_MAX = 32 * 1024 * 1024  # the signed directory of a federation; a member takes 23 kB
HEADER_BYTES_MAX = 64 * 1024  # all header fields of a request; an ML-DSA-65 signature takes 4.4 kB
MANIFEST_BYTES_MAX = 64 * 1024  # what a node says of itself, signed; one entry of a log in tiles is no larger
MEASURES_BYTES_MAX = 4 * 1024 * 1024  # all corrective measures of a federation, signed
INVITATION_BYTES_MAX = 128 * 1024  # a file of the enrolment ceremony, with a manifest
SEALED_LETTER_BYTES_MAX = 3 * 1024 * 1024  # what a sealed letter says, signed; its files travel beside it
BOX_BYTES_MAX = 4 * 1024 * 1024  # the same, padded and sealed for all its recipients
ROUTE_BYTES_MAX = 64 * 1024  # the outside of a sealed letter, signed
AGE_HEADER_BYTES_MAX = 128 * 1024  # of an age file; a recipient takes 1.6 kB
NOTE_BYTES_MAX = 128 * 1024  # a log's checkpoint with all its signatures
AGREEMENT_BYTES_MAX = 1 * 1024 * 1024  # one agreement file
IMPORT_LINE_BYTES_MAX = 256 * 1024  # one line of a file that is imported
XLSX_UNPACKED_BYTES_MAX = 1024 * 1024 * 1024  # a workbook whose list is looked up
IMPORT_XML_BYTES_MAX = 256 * 1024 * 1024  # one XML list that is imported

# Count
TEXT_CHARS_MAX = 4_000  # one free text
NAME_CHARS_MAX = 200  # one name of a person
CODE_CHARS_MAX = 64  # one number, code or reference
REASON_CHARS_MAX = 500  # why one record of many was refused
MRZ_CHARS_MAX = 200  # a machine-readable zone (90 characters) with whatever line breaks and blanks its reader adds
NEAR_LOOK_ALIKE_CHARS_MIN = 4  # a shorter number has too many look-alikes to speak of one
NEAR_EDIT_CHARS_MIN = 6  # a shorter number has as many neighbours as there are numbers
HITS_LISTED_MAX = 500  # in one listing
REFUSED_SIGN_INS_NOTED_PER_MINUTE = 60  # the journal must not be a way to fill the disk
LIST_ITEMS_MAX = 100  # names, documents, offences ... of one record
FINDINGS_PER_SOURCE_MAX = 50
FINDINGS_BYTES_PER_SOURCE_MAX = ANSWER_BYTES_MAX * 7 // 8  # as JSON; the rest is the frame of the answer
CANDIDATES_MAX = 200  # persons compared for one question at one source: see docs/performance.md
WORDS_KEPT_MAX = 16_384  # of names, kept as they were prepared: a kilobyte each
RECORDS_PER_LETTER_MAX = 2_000
RECORDS_BYTES_PER_LETTER_MAX = LETTER_BYTES_MAX * 5 // 8  # as JSON; signed, they take a third more
MEASURES_PER_MEMBER_MAX = 20  # in force at once
MEMBERS_MAX = 1_000
RECIPIENTS_MAX = 64  # keys that one letter or file is sealed for
VERSION_MAX = 2**31 - 1  # of a record
NOTE_SIGNATURES_MAX = 16  # C2SP signed-note asks for at least as many
PROOF_HASHES_MAX = 63  # a path in a tree of fewer than 2^63 leaves
IMPORT_ROWS_PER_TRANSACTION = 5_000
QUESTIONS_PER_BATCH_MAX = 100  # in one request between nodes, and in one transaction
QUESTIONS_OF_PERSONS_FIRST = 10  # of a list, before it is known how long they take
QUERIES_PER_LINE_MAX = 5  # of one line of a list: one of each kind
BATCH_LINES_MAX = 10_000_000  # of one list
BATCH_LINES_PER_REQUEST_MAX = 500
BATCHES_SHOWN_MAX = 200
QUEUE_ENTRIES_PER_PAGE_MAX = 500
WATCHES_PER_ACCOUNT_MAX = 1_000
WATCHES_PER_MEMBER_MAX = 100_000  # that one node watches for another
KEPT_KEYS_MAX = 300  # by which one kept question is found
KEYS_COMPARED_MAX = 2_000  # by which one record finds kept questions
KEPT_QUESTIONS_COMPARED_MAX = 1_000  # with one record
RECORDS_COMPARED_AT_ONCE = 2_000  # with the kept questions
QUESTIONS_KEYED_AT_ONCE = 1_000  # whose keys an earlier release made
DECISIONS_KEPT_MAX = 4_096  # answers of the law remembered per set of agreements, by question
LAW_GRID_MAX = 100_000  # requests asked of two texts that are compared
REFUSED_ROWS_KEPT_MAX = 10_000  # per import; the count goes on
CONNECTIONS_PER_MEMBER_MAX = 8  # kept open to one other node
DELIVERIES_AT_ONCE_MAX = 16  # recipients served at once in each lane
DELIVERED_TOGETHER_MAX = 8  # letters of a lane handed over before they are marked in one transaction

# Time
ANSWER_WITHIN_SECONDS_MAX = 10.0  # the longest a source may be given
ANSWER_BATCH_WITHIN_SECONDS_MAX = 10.0  # the longest a source may be given for a batch
SILENT_SOURCE_RESTS_SECONDS = 30.0  # before the next lines of a list are asked of it
CODE_OF_OTHER_SOURCES_KEPT_SECONDS = 3_600.0  # machine code of a version that is no longer installed
BATCH_WORKS_SECONDS_MAX = 5.0  # on one request with many questions; what is left is asked again
LOCK_HELD_SECONDS_MAX = 0.5  # by one transaction that answers many questions
LETTER_WITHIN_SECONDS = 30.0  # to hand over one letter and hear that it was taken
DIRECTORY_WITHIN_SECONDS = 60.0  # to fetch the directory from the hub
SIGNATURE_LIFETIME_SECONDS = 60  # RFC 9421 `expires` after `created`
CLOCK_SKEW_SECONDS_MAX = 30  # between two nodes
TLS_CERTIFICATE_DAYS = 730  # replaced by a new manifest before it ends
TOKEN_MINUTES_MAX = 12 * 60  # a person's token
API_KEY_DAYS_MAX = 366  # a system's key
INVITATION_DAYS_MAX = 14
DIRECTORY_DAYS_MAX = 7  # an older directory is not used
LETTER_DAYS_MAX = 30  # a letter that was not delivered by then has expired
RETRY_FIRST_SECONDS = 1.0
RETRY_LAST_SECONDS = 300.0
CONFIRM_URGENT_SECONDS = 10 * 60  # hit confirmation, after Nlets YQ/YR
CONFIRM_ROUTINE_SECONDS = 60 * 60
PROMISE_DAYS_MAX = 30  # ahead, of the time that an owner gives for its answer
RETENTION_YEARS_MAX = 110
CONSENT_DAYS_MAX = 366  # a consent to use a record further
OVERRIDE_DAYS_MAX = 31  # without the assurance that the law asks for
HELD_DAYS_MAX = 30  # a question of a supervised member waits for its review

# Doors
SHOWN_ANSWER_BYTES_MAX = 64 * 1024 * 1024  # one answer to an officer or a national system
REQUESTS_AT_ONCE_MAX = 32  # worked on at one door
REQUESTS_WAITING_MAX = 256  # behind those, at one door
CONNECTIONS_MAX = 1_000  # open at one door
CONNECT_WITHIN_SECONDS = 5.0
REQUEST_ARRIVES_WITHIN_SECONDS = 20.0  # headers and body, from the first byte
REQUEST_WITHIN_SECONDS_MAX = 30.0  # from the last byte to the answer
IDLE_CONNECTION_SECONDS = 60  # kept open without a request
STOP_WITHIN_SECONDS = 20  # running requests may finish while a node stops
CLOSE_WITHIN_SECONDS = 1.0  # for the other side to close a TLS connection too

# Storage
WRITER_WAITS_SECONDS_MAX = 15.0  # for the writers before it, or a reader for a free connection
READERS_MAX = 64  # connections that read at once, in one process
INBOX_DAYS_KEPT = 2 * LETTER_DAYS_MAX  # ids of letters applied: longer than any letter may wait
FOLLOWERS_MAX = 4  # connections by which the index follows the database, in one process
INDEX_KEY_BYTES_MAX = 511  # what LMDB takes
INDEX_BYTES_MAX = 512 * 1024**3  # address space kept for one index, not disk: it grows as it must
INDEX_BYTES_MIN = 1024**3  # where the machine gives no more
INDEX_COMPACT_DAYS_MAX = 7  # after which nothing erased is left in the files of the index
INDEX_READERS_MAX = 512  # that read one index at once, over all processes
INDEX_CATCHES_UP_SECONDS_MAX = 5.0  # whoever reads and finds the index behind waits no longer
INDEX_BUILT_AT_ONCE_RECORDS_MAX = 20_000  # by whoever finds none; more are left to the node's own round
INDEX_BULK_MIN = 500  # changes of one transaction: fewer are followed at once
INDEX_LEFT_BEHIND_MAX = 10_000  # changes of bulk that wait for the node's own round, or for whoever reads first
INDEX_DOUBTFUL_MAX = 20_000  # changes between an index and the transaction that reads it: looked at one by one
CHANGES_APPLIED_AT_ONCE = 10_000  # to the index, in one transaction
CHANGES_KEPT = 1_000_000  # in the table of changes; an index that is further behind is built anew
CHANGES_FORGOTTEN_AT_ONCE = 10_000

# Linkage
LINKAGE_BLOCK_RECORDS_MAX = 200  # that meet by one key; a key of more is too common to say anything
LINKAGE_LEARNS_FROM_RECORDS = 1_000  # fewer are weighed by the model as it is shipped
LINKAGE_LEARNS_FROM_PAIRS = 50  # agreeing in a document, or in name and birth
LINKS_PER_RUN_MAX = 100_000  # the most probable
LINKS_SHOWN_MAX = 200  # of the queue at once
