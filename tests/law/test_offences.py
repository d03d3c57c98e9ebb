"""Offences are a closed list: in the texts of law, in records as they are entered, and before the law."""

import msgspec
import pytest

from comity.domain.circumstances import Circumstances, StatedOffence
from comity.domain.errors import Invalid
from comity.domain.instrument import Effect, OffenceScope
from comity.domain.offence import OffenceCode, coded, known_offence, with_coded_offences
from comity.domain.person import Offence
from comity.law.decision import decide
from comity.law.instruments import check_text
from tests.law.cast import FULL, NOTHING, PASSPORT, TODAY, WANTED, agreement, forbid, law, permit, request

TEXT = b"""id = "treaty"
title = "Treaty"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2024-01-01

[[clauses]]
id = "art-1"
title = "Offences"
effect = "permit"
text = "For some offences."
reply = "core"

[clauses.offences]
codes = ["robbery", "robery"]
"""


def level(text, code: str | None):
    offence = StatedOffence(code=code) if code else None
    asked = msgspec.structs.replace(request(), circumstances=Circumstances(offence=offence))
    return decide(asked, None, law(text), TODAY).level


def test_a_code_that_is_not_in_the_list_is_refused_with_file_line_and_what_comes_nearest():
    (complaint,) = check_text(TEXT, "treaty.toml")
    assert complaint.startswith("treaty.toml line 15: art-1: 'robery' is no code of an offence. Use one of robbery")
    assert f"docs/glossary.md has all {len(OffenceCode)}" in complaint
    assert not check_text(TEXT.replace(b', "robery"', b""), "treaty.toml")


def test_of_an_example_too():
    example = b"""
[[examples]]
what = "Whoever robs"
asker = "XA"
owner = "XB"
category = "persons"
purpose = "warn"
circumstances = { offence = { code = "robery" } }
expect = "refused"
"""
    (complaint,) = check_text(TEXT.replace(b', "robery"', b"") + example, "treaty.toml")
    assert "treaty.toml line 23: Whoever robs: 'robery' is no code" in complaint


def test_a_code_that_nobody_knows_permits_nothing_and_escapes_no_prohibition():
    robbery = OffenceScope(codes=("robbery",))
    assert level(agreement(permit(offences=robbery)), "robbery") is FULL
    assert level(agreement(permit(offences=robbery)), "robbery-of-old") is NOTHING
    # A text from before the list that names it: what nobody can state any more permits nothing either.
    assert level(agreement(permit(offences=OffenceScope(codes=("robbery-of-old",)))), "robbery-of-old") is NOTHING
    but_sedition = agreement(permit(), forbid(offences=OffenceScope(codes=("sedition",))))
    assert but_sedition.clauses[1].effect is Effect.FORBID
    assert level(but_sedition, "robbery") is FULL
    assert level(but_sedition, "sedition") is NOTHING
    assert level(but_sedition, "sedition-of-old") is NOTHING


def test_the_nearest_are_named_and_not_all():
    assert known_offence("murder") == "murder"
    with pytest.raises(Invalid) as refused:
        known_offence("drugs trafficking")
    assert "trafficking-in-drugs" in refused.value.do
    assert refused.value.do.count(",") < 6


@pytest.mark.parametrize(
    ("as_imported", "as_entered"),
    [
        (Offence(code="robbery", text="of a bank"), Offence(code="robbery", text="of a bank")),
        (Offence(code=" Money Laundering "), Offence(code="money-laundering")),
        (Offence(code="s. 211 StGB"), Offence(code="other", text="s. 211 StGB")),
        (Offence(code="§ 8", text="theft", law="Act 9"), Offence(code="other", text="§ 8: theft", law="Act 9")),
    ],
)
def test_a_record_is_entered_with_codes_and_the_words_of_its_source_are_kept(as_imported, as_entered):
    assert coded(as_imported) == as_entered
    assert with_coded_offences(msgspec.structs.replace(WANTED, offences=(as_imported,))).offences == (as_entered,)
    assert with_coded_offences(PASSPORT) is PASSPORT
