"""Write the golden bytes anew. Only where the protocol changes its version: what was signed must stay readable."""

import hashlib
import io
import json

import msgspec
from msgspec.structs import replace

from comity.domain.lookup import Query, Question
from comity.wire import checkpoint, invitation, leaf, letter, merkle, question
from comity.wire.bulletin import signed_head
from comity.wire.bundle import signed_withdrawal
from comity.wire.canonical import encode
from comity.wire.directory import signed_directory
from comity.wire.disclosed import write_asked, write_disclosed
from comity.wire.http import Request, Response
from comity.wire.manifest import signed_manifest
from comity.wire.measures import signed_measures
from comity.wire.pair import fingerprint
from comity.wire.promise import signed_promise
from comity.wire.signature import signed_request, signed_response
from comity.wire.stream import Writer
from tests.wire import law_cast
from tests.wire.cast import (
    ANSWER_BATCH,
    BERGENIA,
    ENTRY,
    FOUND,
    GOLDEN,
    LATER,
    LATER_LETTERS,
    LETTER,
    MEMBERS,
    NEAR_FOUND,
    NOTHING,
    NOW,
    OVERRIDDEN,
    PROMISE,
    QUESTION,
    QUESTION_BATCH,
    SALT,
    SEALED_NOTED,
    STATED,
    directory,
    later_letter,
    measured,
    root,
    signer,
)
from tests.wire.letters import VIDEO, addressed, dumped, identity, sealed

ORIGIN = "bergenia/disclosures"
REQUEST = Request(
    method="POST",
    authority="bergenia.example:8443",
    target="/federation/v1/questions",
    headers={"content-type": "application/json"},
    body=question.write_question(QUESTION),
)
RESPONSE = Response(status=200, headers={"content-type": "application/json"}, body=question.write_answer(NOTHING))
FETCH = Request(method="GET", authority="hub.example:8443", target="/federation/v1/directory?after=0")
NONCE = bytes(range(16))
LONG = bytes(range(256)) * 600  # two parts and a half
LEAVES = [leaf.leaf_hash_of(ENTRY, bytes([number]) * 32) for number in range(7)]


def asked(query: Query) -> Question:
    return msgspec.structs.replace(QUESTION, query=query)


def sealed_keys() -> dict[str, str]:
    key = identity("bergenia")
    return {"identity": key.text, "recipient": key.recipient.text, "key_id": key.recipient.key_id}


def sealed_stream() -> dict[str, str]:
    """A file under a given key and nonce: its parts are fixed by these."""
    sink = io.BytesIO()
    sealing = Writer(sink, bytes(range(16)), bytes(range(16, 32)))
    sealing.write(LONG)
    sealing.finish()
    sealed_bytes = sink.getvalue()
    return {
        "begins": sealed_bytes[:64].hex(),
        "ends": sealed_bytes[-64:].hex(),
        "sha256": hashlib.sha256(sealed_bytes).hexdigest(),
    }


def documents() -> dict[str, object]:
    """file: what stands in it."""
    sent = signed_request(REQUEST, signer("aldova"), NOW, NONCE)
    fetched = signed_request(FETCH, signer("aldova"), NOW, NONCE)
    tree = merkle.subtrees_of(LEAVES)
    note = checkpoint.write(ORIGIN, 7, merkle.root_at(7, tree), signer("bergenia"), ORIGIN)
    invited = invitation.write_invitation(
        MEMBERS[0].signed_manifest, "bergenia", "XB", "an-invitation-code", NOW, signer("hub")
    )
    return {
        "keys.json": {
            "node": signer("bergenia").public.key_ids,
            "root": root("bergenia").public.key_ids,
            "fingerprint": fingerprint(root("bergenia").public),
        },
        "manifest.json": signed_manifest(BERGENIA, root("bergenia")),
        "directory.json": signed_directory(directory(), signer("hub")).decode(),
        "measures.json": signed_measures(measured(), (GOLDEN / "directory.json").read_bytes(), signer("hub")).decode(),
        "invitation.json": invited.decode(),
        "membership_request.json": invitation.write_request(
            MEMBERS[2].signed_manifest, "an-invitation-code", root("bergenia")
        ).decode(),
        "letter.json": letter.write(LETTER, signer("aldova")).decode(),
        "question.json": REQUEST.body.decode(),
        "answer.json": RESPONSE.body.decode(),
        **{name: question.write_question(asked(query)).decode() for name, query in LATER.items()},
        "question_stated.json": question.write_question(STATED).decode(),
        "question_overridden.json": question.write_question(OVERRIDDEN).decode(),
        "answer_near.json": question.write_answer(NEAR_FOUND).decode(),
        "answer_promised.json": question.write_answer(
            replace(FOUND, promise=replace(PROMISE, signed="as signed"))
        ).decode(),
        "promise.json": signed_promise(PROMISE, signer("bergenia")).signed,
        "letters_asked.json": write_asked(["letter-1", "letter-2"]).decode(),
        "letters_disclosed.json": write_disclosed([SEALED_NOTED]).decode(),
        "question_batch.json": question.write_questions(QUESTION_BATCH).decode(),
        "answer_batch.json": question.write_answers(ANSWER_BATCH).decode(),
        **{name: letter.write(later_letter(name), signer("aldova")).decode() for name in LATER_LETTERS},
        "request_headers.json": sent.headers,
        "request_without_body_headers.json": fetched.headers,
        "response_headers.json": signed_response(RESPONSE, sent, signer("bergenia"), NOW).headers,
        "bundle.json": law_cast.signed().decode(),
        "law_withdrawal.json": signed_withdrawal(law_cast.WITHDRAWAL, signer("bergenia")).decode(),
        "bulletin_head.json": signed_head(law_cast.head(), signer("hub")).decode(),
        "bulletin_items.json": [encode(one).decode() for one in law_cast.ITEMS],
        "leaf.json": leaf.commitment(ENTRY, SALT).decode(),
        "checkpoint.txt": note,
        "sealed_manifest.json": encode(addressed()).decode(),
        "sealed_manifest_with_a_file.json": encode(replace(addressed(), files=(VIDEO,))).decode(),
        "sealed_letter.json": dumped(sealed()),
        "sealed_keys.json": sealed_keys(),
        "sealed_stream.json": sealed_stream(),
        "proof.txt": checkpoint.write_proof(3, merkle.inclusion_proof(3, 7, tree), note),
    }


def main() -> None:
    for name, content in documents().items():
        text = content if isinstance(content, str) else json.dumps(content, indent=1) + "\n"
        (GOLDEN / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
