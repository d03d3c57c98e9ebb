"""The rulebook is complete, knows no unknown code, and says where each rule comes from."""

import shutil

import pytest

from comity.domain.collection import COLLECTIONS
from comity.domain.errors import Missing, Refusal
from comity.domain.marking import Confidentiality, Handling
from comity.domain.purpose import Purpose
from comity.law.rulebook import read_rulebook, shipped_rulebook
from comity.law.shipped import folder


@pytest.fixture
def own(tmp_path):
    """An organisation's own copy."""
    shutil.copytree(folder("rulebook"), tmp_path / "rulebook")
    return tmp_path / "rulebook"


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_shipped_rulebook_is_complete():
    book = shipped_rulebook()
    assert set(book.purposes) == set(Purpose)
    assert set(book.retention) == set(COLLECTIONS)
    assert set(book.confidentiality) == set(Confidentiality)
    assert set(book.handling) == set(Handling)


def test_an_organisations_own_copy_has_its_own_digest(own):
    assert read_rulebook(own) == shipped_rulebook()
    replace(own / "retention.toml", "years = 5", "years = 3")
    assert read_rulebook(own).digest != shipped_rulebook().digest
    assert read_rulebook(own).retention["nominals"].years == 3


# file: (what stands there, what is put in its place, words of the refusal)
DEFECTS = {
    "purposes": ("[locate]", "[localise]", "locate is missing"),
    "retention": ("[sanctions]", "[art]", "sanctions is missing"),
    "handling": ('"police-use-only"', '"be-nice"', "be-nice"),
    "statuses": ('"warrants"', '"warants"', "warants"),
    "core": ('"births"', '"birth"', "birth"),
    "confidentiality": ('"supervisor"', '"king"', "king"),
    "roles": ("officer_named = true", "officer_known = true", "officer_known"),
    "lookups": ("kept_days = 1\n", "kept_days = 0\n", "A watch is a question that is kept"),
    "obligations": ("source =", "sauce =", "sauce"),
    "onboarding": ("[fingerprint-ceremony]", "[no-ceremony]", "fingerprint-ceremony is missing"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_refused_by_its_file(own, name):
    old, new, words = DEFECTS[name]
    replace(own / f"{name}.toml", old, new)
    with pytest.raises(Refusal, match=words) as refused:
        read_rulebook(own)
    assert refused.value.where.startswith(f"{name}.toml")


def test_a_status_nobody_knows_is_refused(own):
    with (own / "statuses.toml").open("a") as file:
        file.write('\n[celebrity]\nleast = "core"\nsource = "none"\n')
    with pytest.raises(Refusal, match="celebrity"):
        read_rulebook(own)


def test_a_missing_file_is_told(own):
    (own / "roles.toml").unlink()
    with pytest.raises(Missing, match=r"roles\.toml"):
        read_rulebook(own)


def test_one_of_an_earlier_release_has_the_shipped_checklist(own):
    (own / "onboarding.toml").unlink()
    assert read_rulebook(own).onboarding == shipped_rulebook().onboarding


def test_an_obligation_is_told_in_words_and_a_sources_own_words_as_they_are():
    assert shipped_rulebook().obligation("no-onward-without-permission").startswith("Do not pass it on")
    assert shipped_rulebook().obligation("Call first.") == "Call first."
