"""The guards of sealed letters: where each stands, how it is taken away, and the test that falls then."""

from typing import NamedTuple

LETTER = "tests/attacks/test_wire_seal.py::test_a_hostile_letter_is_refused_for_its_defect"
BOX = "tests/attacks/test_wire_age.py::test_a_hostile_box_is_refused_for_its_defect"
AGE = "tests/attacks/test_wire_age.py"
THING = "tests/domain/test_sealed.py"
STREAM = "tests/wire/test_stream.py"
FILE = "tests/wire/test_attachment.py"


# of a route, not of a manifest
BEHIND_THE_VERSION = """
    id: Code
    sender: Code = field(name="from")
    recipients: Nodes = field(name="to")
    ct_sha256"""


class Guard(NamedTuple):
    step: int  # of docs/protocol/envelope.md; nought for those beside its list
    file: str  # under src/comity
    stands: str  # the text as it stands there, once
    without: str  # the same without the guard
    test: str


GUARDS = (
    Guard(
        1,
        "wire/signed.py",
        "if len(data) > BYTES_MAX[typ]:",
        "if False:",
        "tests/attacks/test_wire_seal.py::test_an_outside_of_too_many_bytes_is_not_parsed",
    ),
    Guard(
        2,
        "wire/seal.py",
        "payload = verified(data, ROUTE, sender_pair)",
        "payload = claimed(data, ROUTE)",
        f"{LETTER}[signatures_swapped]",
    ),
    Guard(
        3,
        "wire/signed.py",
        "if protected != headers(typ, pair):",
        "if False:",
        f"{LETTER}[letter_shown_as_outside]",
    ),
    Guard(4, "wire/canonical.py", "if _canonical(plain, what) != data:", "if False:", f"{LETTER}[blank_outside]"),
    Guard(
        5,
        "domain/sealed.py",
        "v: Literal[1] = 1" + BEHIND_THE_VERSION,
        "v: int = 1" + BEHIND_THE_VERSION,
        f"{LETTER}[version_two_outside]",
    ),
    Guard(
        6, "domain/sealed.py", "if len(set(recipients)) != len(recipients):", "if False:", f"{LETTER}[recipient_twice]"
    ),
    Guard(
        6,
        "domain/sealed.py",
        "Meta(min_length=1, max_length=limits.RECIPIENTS_MAX)",
        "Meta(min_length=1)",
        f"{LETTER}[sixty_five_recipients]",
    ),
    Guard(7, "wire/seal.py", "if route.sender != sender:", "if False:", f"{LETTER}[borrowed_name]"),
    Guard(
        8,
        "wire/seal.py",
        "if me not in (*route.recipients, route.sender):",
        "if False:",
        f"{LETTER}[wrong_recipient]",
    ),
    Guard(9, "wire/seal.py", "if now >= route.expires:", "if False:", f"{LETTER}[stale_letter]"),
    Guard(
        10,
        "wire/seal.py",
        "len(box) != route.ct_bytes or digest(box) != route.ct_sha256",
        "len(box) != route.ct_bytes",
        f"{LETTER}[box_of_another_letter]",
    ),
    Guard(
        10,
        "wire/seal.py",
        "len(box) != route.ct_bytes or digest(box) != route.ct_sha256",
        "digest(box) != route.ct_sha256",
        f"{LETTER}[size_that_is_another]",
    ),
    Guard(
        11,
        "wire/age_header.py",
        "if len(stanzas) > limits.RECIPIENTS_MAX:",
        "if False:",
        f"{AGE}::test_sixty_four_recipients_are_taken_and_one_more_is_not",
    ),
    Guard(
        11,
        "wire/age_header.py",
        "self._source.readline(self._left)",
        "self._source.readline()",
        f"{AGE}::test_a_header_without_end_is_read_no_further_than_its_limit",
    ),
    Guard(
        12, "wire/age.py", "if stanza.arguments[0] != STANZA:", "if False:", f"{LETTER}[x25519_recipient_in_the_box]"
    ),
    Guard(
        12,
        "wire/age.py",
        "len(stanza.arguments) != 2 or len(stanza.body) != _WRAPPED_BYTES",
        "len(stanza.arguments) != 2",
        f"{BOX}[key_of_32_bytes_wrapped]",
    ),
    Guard(
        12,
        "wire/age.py",
        "if len(unb64(stanza.arguments[1])) != _ENC_BYTES:",
        "if False:",
        f"{BOX}[share_too_short]",
    ),
    Guard(
        12,
        "wire/age_header.py",
        "if b64(content).encode() != plain:",
        "if False:",
        f"{BOX}[share_in_non_canonical_base64]",
    ),
    Guard(
        14,
        "wire/age_header.py",
        "if not hmac.compare_digest(_mac(file_key, header.signed), header.mac):",
        "if False:",
        f"{LETTER}[recipients_of_the_box_exchanged]",
    ),
    Guard(
        15,
        "wire/stream.py",
        'return index.to_bytes(11, "big") + bytes([last])',
        'return index.to_bytes(11, "big") + bytes(1)',
        f"{STREAM}::test_no_part_of_it_is_read_alone_where_the_end_is_not_the_end[cut after the first part]",
    ),
    Guard(
        15,
        "wire/stream.py",
        'return index.to_bytes(11, "big") + bytes([last])',
        "return bytes(11) + bytes([last])",
        f"{STREAM}::test_what_was_cut_shuffled_or_added_to_is_refused[first two parts exchanged]",
    ),
    Guard(
        15,
        "wire/stream.py",
        "if self._source.read(1):",
        "if False:",
        f"{STREAM}::test_what_was_cut_shuffled_or_added_to_is_refused[bytes behind a full last part]",
    ),
    Guard(
        15,
        "wire/stream.py",
        "if len(sealed) == _TAG_BYTES and index:",
        "if False:",
        f"{STREAM}::test_what_was_cut_shuffled_or_added_to_is_refused[an empty part behind a full one]",
    ),
    Guard(
        16, "wire/padding.py", "if len(data) != padded_bytes(len(document)):", "if False:", f"{LETTER}[padded_too_far]"
    ),
    Guard(
        17,
        "wire/seal.py",
        "payload = verified(inner, MESSAGE, sender_pair)",
        "payload = claimed(inner, MESSAGE)",
        f"{LETTER}[stolen_authorship]",
    ),
    Guard(
        18, "wire/canonical.py", "if _canonical(plain, what) != data:", "if False:", f"{LETTER}[member_twice_inside]"
    ),
    Guard(
        19,
        "wire/seal.py",
        "if (manifest.id, manifest.sender, manifest.recipients, manifest.expires) != outside:",
        "if False:",
        f"{LETTER}[transplanted_outside_of_another_id]",
    ),
    Guard(
        20,
        "wire/seal.py",
        "if manifest.rcpt.get(me) != opened.key_id:",
        "if False:",
        f"{LETTER}[sealed_to_another_key_than_was_signed]",
    ),
    Guard(21, "wire/seal.py", "opened.recipients != len(manifest.rcpt) or ", "", f"{LETTER}[silent_reader]"),
    Guard(
        21,
        "wire/seal.py",
        " or set(manifest.rcpt) - {manifest.sender} - set(manifest.recipients)",
        "",
        f"{LETTER}[reader_who_is_no_recipient]",
    ),
    Guard(
        22,
        "wire/seal.py",
        "if manifest.created > now + timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX):",
        "if False:",
        f"{LETTER}[letter_of_tomorrow]",
    ),
    Guard(
        22,
        "wire/seal.py",
        "if not manifest.created < manifest.expires <= manifest.created + timedelta(days=limits.LETTER_DAYS_MAX):",
        "if False:",
        f"{LETTER}[letter_for_ever]",
    ),
    Guard(
        0, "domain/sealed.py", "if seq <= self.seq:", "if False:", f"{THING}::test_a_letter_taken_before_is_a_replay"
    ),
    Guard(
        0,
        "domain/sealed.py",
        "if seq > self.seq + 1:",
        "if False:",
        f"{THING}::test_a_letter_that_is_missing_is_noticed",
    ),
    Guard(
        0,
        "domain/sealed.py",
        "if prev != self.ct_sha256:",
        "if False:",
        f"{THING}::test_a_letter_that_follows_another_than_the_one_taken_is_noticed",
    ),
    Guard(
        0,
        "domain/file_name.py",
        "if not seen or not whole or",
        "if",
        f"{THING}::test_a_hostile_name_is_refused",
    ),
    Guard(
        0,
        "wire/attachment.py",
        "if came != (attachment.ct_bytes, attachment.ct_sha256, attachment.size_bytes, attachment.sha256):",
        "if False:",
        f"{FILE}::test_another_file_under_the_same_key_is_not_taken",
    ),
    Guard(
        0,
        "wire/attachment.py",
        "if self._most is not None and self.size > self._most:",
        "if False:",
        f"{FILE}::test_a_file_without_end_is_read_no_further_than_the_letter_says",
    ),
    Guard(
        0,
        "wire/attachment.py",
        "    check_sealed(source, attachment)\n    source.seek",
        "    source.seek",
        f"{FILE}::test_no_part_is_read_of_a_file_that_is_another",
    ),
    Guard(
        0,
        "wire/bech32.py",
        "if _to_fives(data) != values[:-_CHECKSUM_LETTERS]:",
        "if False:",
        "tests/wire/test_bech32.py::test_a_second_text_for_the_same_bytes_is_refused",
    ),
)
# Where no line could be taken away that would leave a program: a box opens with the right key, or it does not.
NOTHING_TO_TAKE_AWAY = {13}
