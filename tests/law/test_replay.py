"""A decision made again: from the very texts, or not at all."""

import hashlib

import msgspec
import pytest
from msgspec.structs import replace

from comity.domain.decision import Taken
from comity.domain.errors import Invalid
from comity.law.decision import Law, decide
from comity.law.instruments import read_instrument
from comity.law.replay import differences, in_other_words, replay
from comity.law.rulebook import kept_rulebook, shipped_rulebook
from comity.law.shipped import model_agreements
from tests.law.cast import TODAY, envelope, request

BOOK = shipped_rulebook()
MODELS = {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes() for path in model_agreements()}
TEXTS = {**MODELS, BOOK.digest: BOOK.text}
LAW = Law([(read_instrument(text, "model.toml"), digest) for digest, text in MODELS.items()])


def taken(**changes) -> Taken:
    asked = request(**changes)
    found = decide(asked, envelope(), LAW, TODAY)
    return Taken(request=asked, envelope=envelope(), on=TODAY, engine="test", decision=found)


@pytest.mark.parametrize("changes", [{}, {"asker": "XC"}, {"purpose": "security-check"}, {"category": "vessels"}])
def test_it_is_the_same_to_the_last_word_also_after_it_was_written_down(changes):
    one = msgspec.json.decode(msgspec.json.encode(taken(**changes)), type=Taken)
    assert differences(one.decision, replay(one, TEXTS)) == []


def test_a_rulebook_is_read_again_from_its_one_text():
    assert kept_rulebook(BOOK.text) == BOOK
    assert hashlib.sha256(BOOK.text).hexdigest() == BOOK.digest
    with pytest.raises(Invalid, match="has no"):
        kept_rulebook(BOOK.text.split(b"\0roles\0")[0])


@pytest.mark.parametrize("which", ["agreement", "rulebook"])
def test_a_text_that_was_changed_on_file_is_found_out(which):
    one = taken()
    digest = BOOK.digest if which == "rulebook" else next(d for d in one.decision.digests if d != BOOK.digest)
    with pytest.raises(Invalid, match="not the one of that digest"):
        replay(one, {**TEXTS, digest: TEXTS[digest] + b"\n"})


def test_another_release_may_say_the_same_in_other_words():
    found = taken(purpose="security-check").decision
    reworded = replace(found, reason=replace(found.reason, text="No.", needed="Ask."))
    assert differences(found, reworded)
    assert in_other_words(found, reworded)
    assert not in_other_words(found, replace(found, reason=replace(found.reason, clause="treaty art-9")))
    assert not in_other_words(taken().decision, replace(taken().decision, obligations=()))
    assert not in_other_words(found, found)
