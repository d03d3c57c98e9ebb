"""A promise that its source did not sign so, or of another answer, is none: the answer with it is no answer."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.journal import Receipt
from comity.domain.lookup import SourceAnswer
from comity.wire.promise import checked_promise, signed_promise
from tests.wire.cast import FOUND, NOW, PROMISE, signer

SIGNED = signed_promise(PROMISE, signer("bergenia"))
ANSWER = replace(FOUND, promise=SIGNED)


def promising(**other: object) -> SourceAnswer:
    """Signed by the source itself, and not what it should be."""
    return replace(FOUND, promise=signed_promise(replace(PROMISE, **other), signer("bergenia")))


FALSE = {
    "another leaf beside the signature": replace(FOUND, promise=replace(SIGNED, leaf="cd" * 32)),
    "later than was signed": replace(FOUND, promise=replace(SIGNED, merge_within_seconds=3600)),
    "signed by another": replace(FOUND, promise=signed_promise(PROMISE, signer("corvia"))),
    "of another source": promising(source="corvia"),
    "of another question": promising(question="another"),
    "of another log": promising(origin="bergenia/keys"),
    "of another entry": promising(index=8),
    "of another leaf": promising(leaf="cd" * 32),
    "without a receipt": replace(ANSWER, receipt=None),
    "with another receipt": replace(ANSWER, receipt=Receipt(origin="bergenia/disclosures", index=8, leaf="ab" * 32)),
    "of yesterday": promising(at=NOW - timedelta(days=1)),
    "of tomorrow": promising(at=NOW + timedelta(days=1)),
}


def test_a_promise_is_taken():
    assert checked_promise(ANSWER, signer("bergenia").public, NOW + timedelta(seconds=30)) == SIGNED
    assert checked_promise(FOUND, signer("bergenia").public, NOW) is None


@pytest.mark.parametrize("false", FALSE)
def test_a_false_promise_is_refused(false: str):
    with pytest.raises(Unauthenticated):
        checked_promise(FALSE[false], signer("bergenia").public, NOW)


def test_a_promise_without_a_signature_is_refused():
    with pytest.raises(Invalid):
        checked_promise(replace(FOUND, promise=PROMISE), signer("bergenia").public, NOW)
