"""Age files with one defect each. `python -m tests.attacks.hostile_boxes` writes them anew, into reject and accept."""

import io
import re
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.wire import age, age_header
from comity.wire.age_header import Stanza, b64
from comity.wire.stream import Writer
from tests.wire.letters import identity

HERE = Path(__file__).parent
REJECT, ACCEPT = HERE / "reject" / "age", HERE / "accept" / "age"
BERGENIA, CORVIA = identity("bergenia"), identity("corvia")
FILE_KEY = bytes(range(16))
CONTENT = b"The white van was seen again."


def file(header: bytes, content: bytes = CONTENT, file_key: bytes = FILE_KEY) -> bytes:
    sink = io.BytesIO()
    sink.write(header)
    sealing = Writer(sink, file_key)
    sealing.write(content)
    sealing.finish()
    return sink.getvalue()


def headed(*stanzas: Stanza) -> bytes:
    """With a true MAC, whatever the recipients."""
    return file(age_header.write(stanzas, FILE_KEY))


def hybrid(one: age.Identity = BERGENIA, file_key: bytes = FILE_KEY) -> Stanza:
    header = io.BytesIO(age.header_for(file_key, [one.recipient]))
    return age_header.read(header).stanzas[0]


def x25519() -> Stanza:
    """As age has it: a true second way to the same file key."""
    theirs, ours = X25519PrivateKey.from_private_bytes(b"7" * 32).public_key(), X25519PrivateKey.generate()
    share = ours.public_key().public_bytes_raw()
    salt = share + theirs.public_bytes_raw()
    key = HKDF(SHA256(), 32, salt, b"age-encryption.org/v1/X25519").derive(ours.exchange(theirs))
    return Stanza(("X25519", b64(share)), ChaCha20Poly1305(key).encrypt(bytes(12), FILE_KEY, None))


def changed(pattern: bytes, by: bytes) -> Callable[[], bytes]:
    """A good file in which one thing was written otherwise, and the MAC of the header made anew over it."""

    def make() -> bytes:
        good = age_header.write((hybrid(),), FILE_KEY)
        header = re.sub(pattern, by, good, count=1)
        assert header != good
        signed = header[: header.rindex(b"---") + 3]
        mac = age_header._mac(FILE_KEY, signed)
        if b"--- " in header and not pattern.startswith(b"--- "):
            header = signed + b" " + b64(mac).encode() + b"\n"
        return file(header)

    return make


def other_last_letter(pattern: bytes) -> Callable[[], bytes]:
    """The last letter of a base64 text with bits set that belong to no byte."""
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    def make() -> bytes:
        good = age_header.write((hybrid(),), FILE_KEY)
        found = re.search(pattern, good)
        assert found is not None
        at = found.end() - 1
        header = good[:at] + bytes([letters[letters.index(good[at]) | 1]]) + good[at + 1 :]
        signed = header[: header.rindex(b"---") + 3]
        return file(signed + b" " + b64(age_header._mac(FILE_KEY, signed)).encode() + b"\n")

    return make


def with_old_mac(*stanzas: Stanza) -> bytes:
    """The MAC is that of a header for Bergenia and Corvia."""
    both = age_header.write((hybrid(), hybrid(CORVIA)), FILE_KEY)
    new = age_header.write(stanzas, FILE_KEY)
    return file(new[: new.rindex(b"---")] + both[both.rindex(b"---") :])


def good() -> bytes:
    return headed(hybrid())


HOSTILE: dict[str, Callable[[], bytes]] = {
    "x25519_recipient_added": lambda: headed(hybrid(), x25519()),
    "x25519_recipient_first": lambda: headed(x25519(), hybrid()),
    "x25519_recipient_alone": lambda: headed(x25519()),
    "unknown_recipient_added": lambda: headed(hybrid(), Stanza(("example.com/enigma", "x"), b"abc")),
    "type_in_capitals": lambda: headed(Stanza(("MLKEM768X25519", hybrid().arguments[1]), hybrid().body)),
    "recipient_added_under_the_old_mac": lambda: with_old_mac(hybrid(), hybrid(CORVIA), hybrid(identity("hub"))),
    "recipient_removed_under_the_old_mac": lambda: with_old_mac(hybrid()),
    "recipients_exchanged_under_the_old_mac": lambda: with_old_mac(hybrid(CORVIA), hybrid()),
    "no_recipient": lambda: headed(),
    "sealed_for_corvia": lambda: headed(hybrid(CORVIA)),
    "another_file_key_wrapped": lambda: headed(hybrid(file_key=bytes(16))),
    "key_of_32_bytes_wrapped": lambda: headed(hybrid(file_key=bytes(32))),
    "wrapped_key_of_another_recipient": lambda: headed(Stanza(hybrid().arguments, hybrid(CORVIA).body)),
    "argument_missing": lambda: headed(Stanza(("mlkem768x25519",), hybrid().body)),
    "argument_too_many": lambda: headed(Stanza((*hybrid().arguments, "x"), hybrid().body)),
    "share_too_short": lambda: headed(Stanza(("mlkem768x25519", b64(bytes(1119))), hybrid().body)),
    "share_too_long": lambda: headed(Stanza(("mlkem768x25519", b64(bytes(1121))), hybrid().body)),
    "share_of_zeros": lambda: headed(Stanza(("mlkem768x25519", b64(bytes(1120))), hybrid().body)),
    "share_in_non_canonical_base64": other_last_letter(rb"mlkem768x25519 \S+"),
    "body_in_non_canonical_base64": other_last_letter(rb"\n(?!age|->|---)\S+"),
    "mac_in_non_canonical_base64": lambda: _mac_of_second_form(),
    "share_in_base64url": changed(rb"(x25519 \S*?)[+/]", rb"\1-"),
    "share_padded": changed(rb"(-> \S+ \S+)\n", rb"\1=\n"),
    "body_padded": changed(rb"\n---", b"=\n---"),
    "body_in_two_lines": changed(rb"\n(\S{20})(\S{23})\n---", rb"\n\1\n\2\n---"),
    "body_missing": changed(rb"\n\S{43}\n---", b"\n---"),
    "blank_at_the_end_of_a_line": changed(rb"(-> \S+ \S+)\n", rb"\1 \n"),
    "two_blanks": changed(rb"mlkem768x25519 ", b"mlkem768x25519  "),
    "line_ends_of_another_system": changed(rb"(-> \S+ \S+)\n", rb"\1\r\n"),
    "version_two": changed(rb"/v1", b"/v2"),
    "version_missing": changed(rb"age-encryption.org/v1\n", b""),
    "byte_order_mark": changed(rb"^", b"\xef\xbb\xbf"),
    "mac_missing": changed(rb"--- \S+", b"---"),
    "mac_too_short": changed(rb"--- \S{4}", b"--- "),
    "mac_of_zeros": changed(rb"--- \S+", b"--- " + b64(bytes(32)).encode()),
    "armored": lambda: b"-----BEGIN AGE ENCRYPTED FILE-----\n" + good() + b"-----END AGE ENCRYPTED FILE-----\n",
    "header_alone": lambda: age_header.write((hybrid(),), FILE_KEY),
    "nonce_cut": lambda: age_header.write((hybrid(),), FILE_KEY) + bytes(15),
    "content_missing": lambda: good()[: -len(CONTENT) - 16],
    "final_part_truncated": lambda: good()[:-1],
    "byte_behind_the_final_part": lambda: good() + b"\0",
    "content_flipped": lambda: good()[:-20] + bytes([good()[-20] ^ 1]) + good()[-19:],
    "empty": lambda: b"",
}
GOOD: dict[str, Callable[[], bytes]] = {
    "for_bergenia": good,
    "for_corvia_and_bergenia": lambda: headed(hybrid(CORVIA), hybrid()),
    "for_bergenia_twice": lambda: headed(hybrid(), hybrid()),
}


def _mac_of_second_form() -> bytes:
    whole = age_header.write((hybrid(),), FILE_KEY)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return file(whole[:-2] + bytes([letters[letters.index(whole[-2]) | 1]]) + b"\n")


def main() -> None:
    for folder, made in ((REJECT, HOSTILE), (ACCEPT, GOOD)):
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in made.items():
            (folder / f"{name}.age").write_bytes(make())


if __name__ == "__main__":
    main()
