"""Writes the files of bundle in accept and reject, each named after its defect: python -m tests.attacks.law_files"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from comity.domain.bundle import Bundle, Signatory
from comity.domain.instrument import Layer
from comity.wire import joint
from comity.wire.canonical import b64u, encode
from comity.wire.signed import BUNDLE as TYPE
from tests.wire.cast import signer
from tests.wire.law_cast import BUNDLE, changed, signed, text

HERE = Path(__file__).parent
Document = dict[str, Any]


def as_payload(payload: object, *nodes: str) -> bytes:
    """Whatever it says, rightly signed by these."""
    first, *others = nodes
    document = joint.signed_by(encode(payload), TYPE, first, signer(first))
    for node in others:
        document = joint.with_signatures_of(document, TYPE, node, signer(node))
    return document


def mangled(change: Callable[[Document], object]) -> bytes:
    document = json.loads(signed())
    change(document)
    return encode(document)


def plain(bundle: Bundle = BUNDLE, **more: object) -> dict[str, object]:
    return {**json.loads(encode(bundle)), **more}


def rename(at: int, node: str) -> Callable[[Document], object]:
    return lambda document: document["signatures"][at]["header"].__setitem__("node", node)


BOTH = ("aldova", "bergenia")
REJECT: dict[str, Callable[[], bytes]] = {
    "post_quantum_signature_vanished": lambda: mangled(lambda d: d["signatures"].pop(1)),
    "classical_signature_vanished": lambda: mangled(lambda d: d["signatures"].pop(0)),
    "all_signatures_vanished": lambda: mangled(lambda d: d.__setitem__("signatures", [])),
    "signatures_in_another_order": lambda: mangled(lambda d: d.__setitem__("signatures", d["signatures"][::-1])),
    "signed_twice_by_one": lambda: mangled(lambda d: d["signatures"].extend(d["signatures"][:2])),
    "signature_under_anothers_name": lambda: mangled(lambda d: [rename(2, "corvia")(d), rename(3, "corvia")(d)]),
    "signatures_exchanged": lambda: mangled(
        lambda d: [rename(0, "bergenia")(d), rename(1, "bergenia")(d), rename(2, "aldova")(d), rename(3, "aldova")(d)]
    ),
    "one_signature_of_each": lambda: mangled(lambda d: d["signatures"].__delitem__(slice(1, 3))),
    "text_changed_after_signing": lambda: mangled(
        lambda d: d.__setitem__("payload", b64u(encode(plain(changed(valid_until=date(2028, 1, 1))))))
    ),
    "signed_as_another_type": lambda: joint.signed_by(encode(BUNDLE), "comity.letter", "aldova", signer("aldova")),
    "signed_by_no_signatory": lambda: as_payload(BUNDLE, "aldova", "corvia"),
    "signed_by_a_stranger": lambda: as_payload(
        changed(signatories=(*BUNDLE.signatories, Signatory(node="stranger", party="XD"))), "aldova", "stranger"
    ),
    "digest_of_another_text": lambda: as_payload(plain(texts=[{**plain()["texts"][0], "text": "id = 1"}]), *BOTH),  # type: ignore[index]
    "unknown_field": lambda: as_payload(plain(supersedes="all"), *BOTH),
    "unknown_layer": lambda: as_payload(plain(layer="constitution"), *BOTH),
    "no_texts": lambda: as_payload(plain(texts=[]), *BOTH),
    "version_zero": lambda: as_payload(plain(version=0), *BOTH),
    "second_version_without_a_first": lambda: as_payload(plain(version=2), *BOTH),
    "first_version_that_names_one_before": lambda: as_payload(plain(previous="0" * 64), *BOTH),
    "valid_backwards": lambda: as_payload(plain(valid_until="2026-02-01"), *BOTH),
    "valid_for_a_century": lambda: as_payload(plain(valid_until="2126-02-01"), *BOTH),
    "one_party_twice": lambda: as_payload(
        plain(signatories=[*plain()["signatories"], {"node": "corvia", "party": "XA"}]), *BOTH
    ),  # type: ignore[misc]
    "no_signatories": lambda: as_payload(plain(signatories=[]), *BOTH),
    "blank_between_members": lambda: signed().replace(b'","', b'", "', 1),
    "unprotected_algorithm": lambda: mangled(lambda d: d["signatures"][0]["header"].__setitem__("alg", "none")),
}
ACCEPT: dict[str, Callable[[], bytes]] = {
    "signed_by_both": lambda: signed(),
    "signed_by_one_so_far": lambda: signed(BUNDLE, "bergenia"),
    "national_law": lambda: signed(
        changed(id="law-of-aldova", layer=Layer.NATIONAL_LAW, signatories=BUNDLE.signatories[:1])
    ),
    "with_a_rulebook": lambda: signed(
        changed(
            id="rules",
            layer=Layer.ORGANISATION,
            signatories=(Signatory(node="hub", party="hub"),),
            rulebook={"roles": "id = 1"},
        )
    ),
    "several_texts": lambda: signed(changed(texts=(text(), text("# another\n", "second.toml")))),
}


def main() -> None:
    for folder, files in (("accept", ACCEPT), ("reject", REJECT)):
        for name, write in files.items():
            (HERE / folder / "bundle" / f"{name}.json").write_bytes(write())


if __name__ == "__main__":
    main()
