"""Records with sensitive matter: by what their source says of them, and by warnings of somebody's health."""

import msgspec
import pytest

from comity.domain.circumstances import Trait
from comity.domain.person import PersonWarning, SensitiveMatter
from comity.domain.reply import ReplyLevel
from comity.law.envelope import traits
from comity.law.extract import subject_at
from comity.law.rulebook import shipped_rulebook
from tests.law.cast import PASSPORT, TODAY, WANTED

BELIEVER = msgspec.structs.replace(WANTED, sensitive=(SensitiveMatter.RELIGION,))


@pytest.mark.parametrize(
    ("person", "sensitive"),
    [
        (WANTED, False),
        (BELIEVER, True),
        (msgspec.structs.replace(WANTED, warnings=(PersonWarning.CONTAGIOUS,)), True),
        (msgspec.structs.replace(WANTED, warnings=(PersonWarning.SUICIDAL,)), True),
        (msgspec.structs.replace(WANTED, warnings=(PersonWarning.ARMED, PersonWarning.VIOLENT)), False),
    ],
)
def test_what_makes_a_record_sensitive(person, sensitive):
    assert (Trait.SENSITIVE in traits(person, TODAY)) == sensitive
    assert Trait.SENSITIVE not in traits(PASSPORT, TODAY)


@pytest.mark.parametrize("level", ReplyLevel)
def test_what_it_is_sensitive_in_is_told_at_no_level(level):
    told = subject_at(BELIEVER, level, shipped_rulebook())
    assert told == subject_at(WANTED, level, shipped_rulebook())
