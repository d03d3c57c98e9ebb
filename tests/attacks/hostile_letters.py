"""Sealed letters with one defect each, as files. `python -m tests.attacks.hostile_letters` writes them anew.

Most of them are rightly signed by Aldova's own keys: so each is refused for its own defect, and by its own step.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from comity.domain.sealed import Sealed
from comity.keys.pair import PairSigner
from comity.wire import age, age_header, padding, seal
from comity.wire.canonical import decode, encode
from comity.wire.signed import MESSAGE as TYPE
from comity.wire.signed import ROUTE, sign, verified
from tests.attacks import hostile_boxes
from tests.wire.cast import NOW, signer
from tests.wire.letters import MESSAGE, dumped, identity, keys, sealed

HERE = Path(__file__).parent
REJECT, ACCEPT = HERE / "reject" / "sealed", HERE / "accept" / "sealed"
ALDOVA, BERGENIA, CORVIA = signer("aldova"), signer("bergenia"), signer("corvia")
NAMES = ("bergenia", "corvia")


class Hostile(Struct, frozen=True):
    """A letter as it comes to Bergenia, the step that refuses it, and what the refusal says."""

    step: int
    says: str
    letter: Callable[[], Sealed]


def plain_message(**changes: object) -> dict[str, Any]:
    rcpt = {name: key.key_id for name, key in keys(*NAMES).items()}
    message: dict[str, Any] = decode(encode(msgspec.structs.replace(MESSAGE, rcpt=rcpt)), dict, "sealed letter")
    return {**message, **changes}


def inner(by: PairSigner = ALDOVA, signed_as: str = TYPE, **changes: object) -> bytes:
    return sign(encode(plain_message(**changes)), signed_as, by)


def boxed(document: bytes, *names: str) -> bytes:
    return age.encrypt(document, [identity(name).recipient for name in names or NAMES])


def outer(box: bytes, by: PairSigner = ALDOVA, signed_as: str = ROUTE, **changes: object) -> bytes:
    message = plain_message()
    route = {
        "v": 1,
        "typ": "comity.route",
        **{field: message[field] for field in ("id", "from", "to", "expires")},
        "ct_sha256": seal.digest(box),
        "ct_size": len(box),
        "priority": "urgent",
        "class": "letters",
    }
    return sign(encode({**route, **changes}), signed_as, by)


def around(box: bytes, **changes: object) -> Sealed:
    """A box, whatever it is, rightly signed by Aldova."""
    return Sealed(route=outer(box, **changes), box=box)


def around_inner(document: bytes) -> Sealed:
    return around(boxed(padding.padded(document)))


def outside(**changes: object) -> Callable[[], Sealed]:
    """The outside says something else."""
    return lambda: around(boxed(padding.padded(inner())), **changes)


def inside(**changes: object) -> Callable[[], Sealed]:
    """The inside says something else."""
    return lambda: around_inner(inner(**changes))


def both(expires: str, **changes: object) -> Callable[[], Sealed]:
    """Another end outside and inside, and other changes inside."""
    return lambda: around(boxed(padding.padded(inner(expires=expires, **changes))), expires=expires)


def rewritten(change: Callable[[dict[str, Any]], object], document: bytes) -> bytes:
    plain = json.loads(document)
    change(plain)
    return encode(plain)


def outside_rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[], Sealed]:
    def make() -> Sealed:
        good = sealed()
        return Sealed(route=rewritten(change, good.route), box=good.box)

    return make


def inside_rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[], Sealed]:
    return lambda: around_inner(rewritten(change, inner()))


def raw_box(*stanzas: age_header.Stanza, data: Callable[[bytes], bytes] = lambda box: box) -> Sealed:
    header = age_header.write(stanzas, hostile_boxes.FILE_KEY)
    return around(data(hostile_boxes.file(header, padding.padded(inner()))))


def hybrids(*names: str) -> list[age_header.Stanza]:
    return [hostile_boxes.hybrid(identity(name)) for name in names or NAMES]


def stolen() -> Sealed:
    """Corvia strips Aldova's outside, and signs the box as its own letter."""
    box = sealed().box
    return Sealed(route=outer(box, by=CORVIA, **{"from": "corvia", "to": ["bergenia"]}), box=box)


def forwarded() -> Sealed:
    """Corvia seals what Aldova signed for Corvia alone to Bergenia, in its own name."""
    document = inner(to=["corvia"], seq={"corvia": 1}, prev={"corvia": ""})
    box = boxed(padding.padded(document), "bergenia")
    return Sealed(route=outer(box, by=CORVIA, **{"from": "corvia", "to": ["bergenia"]}), box=box)


def unpadded(by: Callable[[bytes], bytes]) -> Callable[[], Sealed]:
    return lambda: around(boxed(by(inner())))


def inside_shown_as_outside() -> Sealed:
    return Sealed(route=inner(), box=sealed().box)


def exchanged(by: Callable[[bytes], bytes]) -> Callable[[], Sealed]:
    def make() -> Sealed:
        good = sealed()
        return Sealed(route=good.route, box=by(good.box))

    return make


def blank_outside() -> Sealed:
    good = sealed()
    payload = verified(good.route, ROUTE, ALDOVA.public).replace(b'{"class"', b'{ "class"', 1)
    return Sealed(route=sign(payload, ROUTE, ALDOVA), box=good.box)


def doubled_inside() -> bytes:
    payload = encode(plain_message()).replace(b'{"basis":', b'{"basis":[],"basis":', 1)
    return sign(payload, TYPE, ALDOVA)


OTHERS = json.loads(outer(b"another box"))["signatures"]
OTHER_SIGNER = json.loads(outer(b"another box", by=CORVIA))["signatures"]
DAY = timedelta(days=1)


def at(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


STRIPPED = "Expected `array` of length 2"
HOSTILE: dict[str, Hostile] = {
    "ml_dsa_signature_stripped": Hostile(2, STRIPPED, outside_rewritten(lambda d: d["signatures"].pop(1))),
    "ed25519_signature_stripped": Hostile(2, STRIPPED, outside_rewritten(lambda d: d["signatures"].pop(0))),
    "signatures_swapped": Hostile(
        2, "not signed by the two keys", outside_rewritten(lambda d: d["signatures"].reverse())
    ),
    "signature_doubled": Hostile(
        2, "not signed by the two keys", outside_rewritten(lambda d: d["signatures"].__setitem__(1, d["signatures"][0]))
    ),
    "third_signature": Hostile(2, STRIPPED, outside_rewritten(lambda d: d["signatures"].append(OTHERS[0]))),
    "signatures_of_another_letter": Hostile(
        2, "Ed25519 signature is wrong", outside_rewritten(lambda d: d.__setitem__("signatures", OTHERS))
    ),
    "ml_dsa_signature_of_another_letter": Hostile(
        2, "ML-DSA-65 signature is wrong", outside_rewritten(lambda d: d["signatures"].__setitem__(1, OTHERS[1]))
    ),
    "signed_by_corvia": Hostile(
        2, "not signed by the two keys", outside_rewritten(lambda d: d.__setitem__("signatures", OTHER_SIGNER))
    ),
    "outside_changed": Hostile(
        2,
        "Ed25519 signature is wrong",
        outside_rewritten(lambda d: d.__setitem__("payload", json.loads(outer(b"x", priority="emergency"))["payload"])),
    ),
    "inside_shown_as_outside": Hostile(3, "This comity.route is not signed", inside_shown_as_outside),
    "letter_shown_as_outside": Hostile(
        3, "This comity.route is not signed", lambda: Sealed(outer(b"x", signed_as="comity.letter"), b"x")
    ),
    "blank_outside": Hostile(4, "not in canonical form", blank_outside),
    "unknown_member_outside": Hostile(4, "unknown field `also`", outside(also=1)),
    "another_type_outside": Hostile(4, "Invalid value 'comity.msg'", outside(typ="comity.msg")),
    "version_two_outside": Hostile(5, "Invalid enum value 2", outside(v=2)),
    "suite_named_outside": Hostile(5, "unknown field `suite`", outside(suite="1H")),
    "sixty_five_recipients": Hostile(6, "length <= 64", outside(to=["bergenia", *(f"n{i}" for i in range(64))])),
    "recipient_twice": Hostile(6, "named twice", outside(to=["bergenia", "bergenia"])),
    "no_recipient": Hostile(6, "length >= 1", outside(to=[])),
    "unknown_priority": Hostile(4, "Invalid enum value 'fast'", outside(priority="fast")),
    "class_of_traffic_that_rewrites_a_screen": Hostile(4, "matching regex", outside(**{"class": "\x1b[2J"})),
    "borrowed_name": Hostile(7, "'aldova' signed it", outside(**{"from": "corvia"})),
    "wrong_recipient": Hostile(8, "not for 'bergenia'", outside(to=["corvia"])),
    "stale_letter": Hostile(9, "was good until", both(created=at(NOW - 2 * DAY), expires=at(NOW - DAY))),
    "box_of_another_letter": Hostile(10, "not the box", exchanged(lambda box: sealed().box)),
    "box_flipped": Hostile(10, "not the box", exchanged(lambda box: box[:-9] + bytes([box[-9] ^ 1]) + box[-8:])),
    "box_truncated": Hostile(10, "not the box", exchanged(lambda box: box[:-1])),
    "byte_behind_the_box": Hostile(10, "not the box", exchanged(lambda box: box + b"\0")),
    "size_that_is_another": Hostile(10, "not the box", outside(ct_size=9_000)),
    "box_without_end": Hostile(10, "<= 4194304", outside(ct_size=4 * 1024 * 1024 + 1)),
    "x25519_recipient_in_the_box": Hostile(12, "type 'X25519'", lambda: raw_box(*hybrids(), hostile_boxes.x25519())),
    "sealed_to_an_unknown_key": Hostile(
        13, "None of the 1 keys", lambda: around(boxed(padding.padded(inner()), "corvia", "hub"))
    ),
    "recipients_of_the_box_exchanged": Hostile(
        14, "header of this age file was changed", lambda: around(hostile_boxes.with_old_mac(*reversed(hybrids())))
    ),
    "content_truncated": Hostile(15, "at part 1", lambda: raw_box(*hybrids(), data=lambda box: box[:-1])),
    "byte_behind_the_content": Hostile(15, "at part 1", lambda: raw_box(*hybrids(), data=lambda box: box + b"\0")),
    "not_padded": Hostile(16, "padded to", unpadded(lambda document: document)),
    "padded_too_far": Hostile(16, "padded to", unpadded(lambda document: padding.padded(document) + b" " * 512)),
    "padded_with_line_ends": Hostile(
        17,
        "not in canonical form",
        unpadded(lambda document: document.ljust(padding.padded_bytes(len(document)), b"\n")),
    ),
    "padded_in_front": Hostile(
        17, "not in canonical form", unpadded(lambda document: document.rjust(padding.padded_bytes(len(document))))
    ),
    "message_in_the_padding": Hostile(
        17,
        "trailing characters",
        unpadded(lambda document: document.ljust(padding.padded_bytes(len(document)) - 1) + b"x"),
    ),
    "stolen_authorship": Hostile(17, "not signed by the two keys", stolen),
    "surreptitious_forwarding": Hostile(17, "not signed by the two keys", forwarded),
    "ml_dsa_signature_stripped_inside": Hostile(17, STRIPPED, inside_rewritten(lambda d: d["signatures"].pop(1))),
    "signatures_swapped_inside": Hostile(
        17, "not signed by the two keys", inside_rewritten(lambda d: d["signatures"].reverse())
    ),
    "inside_signed_as_outside": Hostile(
        17, "This comity.msg is not signed", lambda: around_inner(inner(signed_as=ROUTE))
    ),
    "inside_signed_by_corvia": Hostile(17, "not signed by the two keys", lambda: around_inner(inner(by=CORVIA))),
    "member_twice_inside": Hostile(18, "not in canonical form", lambda: around_inner(doubled_inside())),
    "unknown_member_inside": Hostile(18, "unknown field `also`", inside(also=1)),
    "version_two_inside": Hostile(18, "Invalid enum value 2", inside(v=2)),
    "unknown_purpose": Hostile(18, "Invalid enum value 'curiosity'", inside(purpose="curiosity")),
    "attachment_with_a_path": Hostile(
        18,
        "no name of a file",
        inside(
            files=[
                {
                    "name": "../x",
                    "type": "a/b",
                    "size": 1,
                    "sha256": "ab" * 32,
                    "ct_sha256": "ab" * 32,
                    "ct_size": 33,
                    "key": "A" * 22,
                }
            ]
        ),
    ),
    "transplanted_outside_of_another_id": Hostile(19, "do not belong together", outside(id="another-letter")),
    "transplanted_outside_with_fewer_recipients": Hostile(19, "do not belong together", outside(to=["bergenia"])),
    "transplanted_outside_with_more_time": Hostile(19, "do not belong together", outside(expires=at(NOW + 8 * DAY))),
    "another_sender_inside": Hostile(19, "do not belong together", inside(**{"from": "corvia"})),
    "sealed_to_another_key_than_was_signed": Hostile(
        20, "passed on", inside(rcpt={name: identity("hub").recipient.key_id for name in NAMES})
    ),
    "no_key_signed_for_bergenia": Hostile(
        20, "passed on", inside(rcpt={"corvia": identity("corvia").recipient.key_id, "aldova": "x"})
    ),
    "silent_reader": Hostile(
        21, "More keys", lambda: around(boxed(padding.padded(inner()), "bergenia", "corvia", "hub"))
    ),
    "reader_who_is_no_recipient": Hostile(
        21,
        "More keys",
        lambda: around(
            boxed(
                padding.padded(
                    inner(rcpt={name: key.key_id for name, key in keys("bergenia", "corvia", "hub").items()})
                ),
                "bergenia",
                "corvia",
                "hub",
            )
        ),
    ),
    "letter_of_tomorrow": Hostile(22, "in the future", inside(created=at(NOW + 2 * DAY))),
    "letter_for_ever": Hostile(22, "30 days at most", both(expires=at(NOW + 31 * DAY))),
    "letter_that_ends_before_it_begins": Hostile(
        22,
        "30 days at most",
        both(created=at(NOW + timedelta(minutes=60, seconds=20)), expires=at(NOW + timedelta(minutes=60, seconds=10))),
    ),
}
GOOD: dict[str, Callable[[], Sealed]] = {
    "to_bergenia_and_corvia": lambda: around_inner(inner()),
    "kept_by_its_sender_too": sealed,
}


def main() -> None:
    for folder, made in ((REJECT, {name: one.letter for name, one in HOSTILE.items()}), (ACCEPT, GOOD)):
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in made.items():
            (folder / f"{name}.json").write_text(dumped(make()), "utf-8")


if __name__ == "__main__":
    main()
