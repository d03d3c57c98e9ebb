"""Bytes written by the first version of the protocol: today's code still reads them, and still writes them so."""

import json
from typing import Any, get_args

import msgspec
import pytest

from comity.domain.bulletin import BulletinItem
from comity.domain.earlier_release import earlier_forms
from comity.domain.letter import Body
from comity.domain.sealed import Manifest
from comity.wire import checkpoint, directory, invitation, leaf, letter, manifest, measures, question, signature
from comity.wire.bulletin import continued, verified_head
from comity.wire.bundle import verified_bundle, verified_withdrawal
from comity.wire.canonical import decode, encode
from comity.wire.disclosed import read_asked, read_disclosed
from comity.wire.promise import checked_promise
from tests.wire import law_cast, renew_golden
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
    later_letter,
    measured,
    signer,
)
from tests.wire.cast import directory as plain_directory
from tests.wire.letters import VIDEO, loaded, opened

TODAY = renew_golden.documents()
# Written anew each time: the ML-DSA signatures are random. Payloads and headers must still be the same.
SIGNED = (
    "manifest.json",
    "directory.json",
    "measures.json",
    "invitation.json",
    "membership_request.json",
    "letter.json",
    "bundle.json",
    "law_withdrawal.json",
    "bulletin_head.json",
    "promise.json",
    *LATER_LETTERS,
)
FIXED = (
    "question.json",
    "answer.json",
    "leaf.json",
    *LATER,
    "question_stated.json",
    "question_overridden.json",
    "answer_near.json",
    "question_batch.json",
    "answer_batch.json",
    "answer_promised.json",
    "letters_asked.json",
    "letters_disclosed.json",
    "sealed_manifest.json",
    "sealed_manifest_with_a_file.json",
)


# Cases and joint operations are not in any release yet: their form may still change.
NOT_PINNED_YET = ("Case", "Operation")


def golden(name: str) -> str:
    return (GOLDEN / name).read_text("utf-8")


def fields(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(golden(name))
    return found


@pytest.mark.parametrize("name", FIXED)
def test_what_carries_no_signature_comes_out_byte_for_byte(name):
    assert TODAY[name] == golden(name)


def test_key_ids_and_fingerprints_come_out_the_same():
    assert json.loads(json.dumps(TODAY["keys.json"])) == fields("keys.json")


@pytest.mark.parametrize("name", SIGNED)
def test_payload_and_headers_of_a_signed_document_come_out_byte_for_byte(name):
    then, now = json.loads(golden(name)), json.loads(str(TODAY[name]))
    # The others hold signed manifests, whose signatures differ.
    if name.startswith(("manifest", "measures", "letter", "bundle", "bulletin", "law")):
        assert then["payload"] == now["payload"]
    assert [one["protected"] for one in then["signatures"]] == [one["protected"] for one in now["signatures"]]
    if then["payload"] == now["payload"]:
        assert then["signatures"][0] == now["signatures"][0]


@pytest.mark.parametrize("name", ["request_headers.json", "request_without_body_headers.json"])
def test_signature_input_and_ed25519_signature_come_out_byte_for_byte(name):
    then, now = fields(name), TODAY[name]
    assert isinstance(now, dict)
    assert {key: value for key, value in then.items() if key != "signature"} == {
        key: value for key, value in now.items() if key != "signature"
    }
    assert then["signature"].split(", ")[0] == now["signature"].split(", ")[0]


def test_the_manifest_is_read():
    assert manifest.verified_manifest(golden("manifest.json")) == (BERGENIA, fields("keys.json")["fingerprint"])


def test_the_directory_is_read():
    data = golden("directory.json").encode()
    read = directory.verified_directory(data, signer("hub").public, None, "", NOW)
    assert [one.manifest for one in read.members] == [one.manifest for one in MEMBERS]
    assert msgspec.structs.replace(read, members=()) == msgspec.structs.replace(plain_directory(), members=())


def test_the_measures_beside_the_directory_are_read():
    signed, hub = golden("directory.json").encode(), signer("hub").public
    read = measures.with_measures(plain_directory(), signed, golden("measures.json").encode(), hub)
    assert {one.id: one.measures for one in read.members} == {one.id: one.measures for one in measured().members}


def test_every_kind_of_letter_has_a_file():
    """A new kind: a letter of it into LATER_LETTERS of tests/wire/cast.py, and its file by `renew_golden`."""
    pinned = {type(body) for body in (LETTER.body, *LATER_LETTERS.values())}
    missing = {kind.__name__ for kind in set(get_args(Body)) - pinned}
    assert not [name for name in missing if not name.startswith(NOT_PINNED_YET)]


def test_the_files_of_the_ceremony_are_read():
    before = NOW.replace(hour=11)
    invited, hub, _ = invitation.verified_invitation(golden("invitation.json").encode(), before)
    assert (invited.node, invited.country, invited.code, hub.node) == ("bergenia", "XB", "an-invitation-code", "hub")
    asked, bureau, _ = invitation.verified_request(golden("membership_request.json").encode())
    assert (asked.code, bureau) == ("an-invitation-code", BERGENIA)


def test_law_as_it_was_signed_is_read():
    bundle = verified_bundle(golden("bundle.json").encode(), law_cast.PAIRS)
    assert (bundle.bundle, bundle.signed) == (law_cast.BUNDLE, ("aldova", "bergenia"))
    assert bundle.payload_digest == law_cast.WITHDRAWAL.payload
    withdrawal = verified_withdrawal(golden("law_withdrawal.json").encode(), law_cast.PAIRS["bergenia"])
    assert withdrawal.withdrawal == law_cast.WITHDRAWAL


def test_the_bulletin_is_read_and_its_chain_comes_out_the_same():
    head = verified_head(golden("bulletin_head.json").encode(), "hub", law_cast.PAIRS["hub"], None, NOW)
    items = [decode(one.encode(), BulletinItem, "item") for one in json.loads(golden("bulletin_items.json"))]
    assert continued(head, 0, "", items)[-1] == head.chain
    assert TODAY["bulletin_items.json"] == json.loads(golden("bulletin_items.json"))


def test_the_letter_is_read():
    assert letter.read(golden("letter.json").encode(), "aldova", "bergenia", signer("aldova").public) == LETTER


@pytest.mark.parametrize("name", ["sealed_keys.json", "sealed_stream.json"])
def test_keys_to_seal_to_and_the_parts_of_a_file_come_out_the_same(name):
    assert TODAY[name] == fields(name)


def test_the_manifest_with_a_file_is_read():
    data = golden("sealed_manifest_with_a_file.json").encode()
    assert decode(data, Manifest, "sealed letter").files == (VIDEO,)


@pytest.mark.parametrize("me", ["aldova", "bergenia", "corvia"])
def test_the_sealed_letter_is_opened(me):
    assert encode(opened(loaded(GOLDEN / "sealed_letter.json"), me)).decode() == golden("sealed_manifest.json")


@pytest.mark.parametrize("name", LATER_LETTERS)
def test_a_letter_of_a_later_release_is_read(name):
    assert letter.read(golden(name).encode(), "aldova", "bergenia", signer("aldova").public) == later_letter(name)


def test_many_questions_and_their_answers_are_read():
    assert question.read_questions(golden("question_batch.json").encode()) == QUESTION_BATCH
    assert question.read_answers(golden("answer_batch.json").encode()) == ANSWER_BATCH


def test_question_and_answer_are_read():
    assert question.read_question(golden("question.json").encode()) == QUESTION
    assert question.read_answer(golden("answer.json").encode()) == NOTHING


@pytest.mark.parametrize("name", LATER)
def test_what_a_later_release_asks_is_read(name):
    asked = question.read_question(golden(name).encode())
    assert asked == msgspec.structs.replace(QUESTION, query=LATER[name])


def test_what_a_later_release_states_is_read():
    assert question.read_question(golden("question_stated.json").encode()) == STATED
    assert question.read_question(golden("question_overridden.json").encode()) == OVERRIDDEN


def test_towards_a_node_that_does_not_know_it_nothing_of_it_is_left():
    """The golden bytes of the first release, to the letter."""
    *_, (oldest, lost) = earlier_forms(STATED)
    assert question.write_question(oldest).decode() == golden("question.json")
    assert lost == ("offence", "entity", "priority", "language", "necessity", "assurances")


def test_what_a_later_release_answers_is_read():
    assert question.read_answer(golden("answer_near.json").encode()) == NEAR_FOUND


def test_what_is_promised_and_shown_of_the_log_is_read():
    promised = question.read_answer(golden("answer_promised.json").encode())
    assert msgspec.structs.replace(promised.promise, signed="") == PROMISE
    signed = msgspec.structs.replace(PROMISE, signed=golden("promise.json"))
    answer = msgspec.structs.replace(FOUND, promise=signed)
    assert checked_promise(answer, signer("bergenia").public, NOW) == signed
    assert read_asked(golden("letters_asked.json").encode()) == ("letter-1", "letter-2")
    assert read_disclosed(golden("letters_disclosed.json").encode()) == (SEALED_NOTED,)


def test_a_plain_question_has_none_of_the_later_fields():
    """So that a node of the first release reads it."""
    assert not {"near", "engine_number", "make"} & fields("question.json")["query"].keys()
    assert not {"offence", "stated"} & fields("question.json").keys()
    assert "entity" not in fields("question.json")["asker"]


def test_the_signed_request_and_its_response_are_read():
    asked = msgspec.structs.replace(renew_golden.REQUEST, headers=fields("request_headers.json"))
    pairs = {signer("aldova").public.key_ids[0]: ("aldova", signer("aldova").public)}
    read = signature.verified_request(asked, "bergenia.example:8443", pairs.get, NOW)
    assert (read.sender, read.request) == ("aldova", asked)
    answered = msgspec.structs.replace(renew_golden.RESPONSE, headers=fields("response_headers.json"))
    assert signature.verified_response(answered, asked, signer("bergenia").public, NOW) == answered


def test_the_signed_request_without_a_body_is_read():
    asked = msgspec.structs.replace(renew_golden.FETCH, headers=fields("request_without_body_headers.json"))
    pairs = {signer("aldova").public.key_ids[0]: ("aldova", signer("aldova").public)}
    assert signature.verified_request(asked, "hub.example:8443", pairs.get, NOW).sender == "aldova"


def test_the_leaf_is_that_of_the_entry():
    assert decode(golden("leaf.json").encode(), dict, "leaf")["t"] == "disclosure"
    assert leaf.commitment(ENTRY, SALT) == golden("leaf.json").encode()


def test_the_checkpoint_and_the_proof_are_read():
    pair = signer("bergenia").public
    noted = checkpoint.verified(golden("checkpoint.txt"), renew_golden.ORIGIN, pair)
    assert noted.size == 7
    proved = checkpoint.verified_proof(golden("proof.txt"), renew_golden.LEAVES[3], renew_golden.ORIGIN, pair)
    assert proved == noted
    assert str(TODAY["checkpoint.txt"]).splitlines()[:5] == golden("checkpoint.txt").splitlines()[:5]
