"""An agreement's text: read, or refused with file and line; checked against its own examples."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.circumstances import Circumstances
from comity.domain.collection import Category
from comity.domain.errors import Invalid
from comity.domain.hit import Priority
from comity.domain.instrument import AnswerWithin, Duties, Example, Layer, Reply
from comity.domain.purpose import Purpose
from comity.law.instruments import check, check_text, read_instrument
from comity.law.shipped import model_agreements
from tests.law.cast import agreement, forbid, permit

TEXT = """\
id = "treaty"
title = "A treaty"
source = "Fictitious"
parties = ["XA", "XB"]
in_force_from = 2020-01-01

[[clauses]]
id = "art-1"
title = "Persons"
effect = "permit"
text = '''
Persons are answered.
reply = "none"
'''
categories = ["persons"]
reply = "core"

[[clauses]]
id = "art-2"
title = "No security checks"
effect = "forbid"
text = "Nothing for security checks."
purposes = ["security-check"]

[[examples]]
what = "A person at the border"
asker = "XA"
owner = "XB"
category = "persons"
purpose = "border-control"
expect = "core"
clause = "art-1"
"""


def changed(old: str, new: str) -> bytes:
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new).encode()


@pytest.mark.parametrize("path", model_agreements(), ids=lambda path: path.stem)
def test_every_model_agreement_does_what_its_examples_say(path):
    read = read_instrument(path.read_bytes(), path.name)
    assert check(read) == []
    assert {example.expect == "refused" for example in read.examples} == {True, False}
    assert read.id == path.stem


def test_the_text_is_read():
    read = read_instrument(TEXT.encode(), "treaty.toml")
    assert [clause.id for clause in read.clauses] == ["art-1", "art-2"]
    assert read.in_force_from == date(2020, 1, 1)
    assert check(read) == []


# defect: (the text with it, the line, words of the refusal)
DEFECTS = {
    "syntax": (changed('title = "Persons"', 'title = "Persons'), 9, "not TOML"),
    "cut off": (TEXT[:-2].encode(), 32, "not TOML"),
    "unknown key": (changed('title = "Persons"', 'titel = "Persons"'), 9, "titel"),
    "unknown category": (changed('["persons"]', '["secrets"]'), 15, "secrets"),
    "unknown purpose": (changed('["security-check"]', '["curiosity"]'), 23, "curiosity"),
    "missing key": (changed('effect = "forbid"\n', ""), 18, "effect"),
    "time of day": (changed("2020-01-01", "2020-01-01T12:00:00"), 5, "date"),
    "impossible date": (changed("2020-01-01", "2020-02-30"), 5, "not TOML"),
    "permit without reply": (changed('reply = "core"\n', ""), 7, "does not say how much"),
    "forbid with reply": (
        changed('text = "Nothing for security checks."', 'text = "Nothing"\nreply = "hit"'),
        18,
        "it forbids",
    ),
    "unknown party": (changed('categories = ["persons"]', 'askers = ["XC"]'), 15, "XC is no party"),
    "small letters": (changed('["XA", "XB"]', '["XA", "xb"]'), 4, "no party"),
    "three letters": (changed('["XA", "XB"]', '["XA", "XBE"]'), 4, "no party"),
    "no such country": (changed('["XA", "XB"]', '["XA", "XZ"]'), 4, "no party"),
    "one party": (changed('["XA", "XB"]', '["XA", "XA"]'), 4, "two parties"),
    "same id": (changed('"art-2"', '"art-1"'), 19, "same id"),
    "blank in id": (changed('"art-2"', '"art 2"'), 19, "no id"),
    "ends before it begins": (
        changed("in_force_from = 2020-01-01", "in_force_from = 2020-01-02\nin_force_until = 2020-01-01"),
        6,
        "ends before",
    ),
    "unknown obligation": (changed('categories = ["persons"]', 'obligations = ["be-nice"]'), 15, "be-nice"),
    "never applies": (changed('categories = ["persons"]', 'askers = ["XA"]\nowners = ["XA"]'), 7, "never apply"),
    "forbidden altogether": (changed('purposes = ["security-check"]', 'categories = ["persons"]'), 7, "never apply"),
    "unknown expectation": (changed('expect = "core"', 'expect = "maybe"'), 31, "maybe"),
    "unknown clause": (changed('clause = "art-1"', 'clause = "art-7"'), 32, "art-7"),
    "asks itself": (changed('owner = "XB"', 'owner = "XA"'), 27, "itself"),
    "not UTF-8": (changed('"Persons"', '"Persons"').replace(b"A person at", b"\xff"), 26, "UTF-8"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refused_with_file_and_line(defect):
    text, line, words = DEFECTS[defect]
    with pytest.raises(Invalid) as refused:
        read_instrument(text, "treaty.toml")
    assert refused.value.where == f"treaty.toml line {line}"
    assert words in refused.value.what


def test_a_text_over_the_limit_is_refused_unread():
    with pytest.raises(Invalid, match="longer than"):
        read_instrument(b"#" * (limits.AGREEMENT_BYTES_MAX + 1), "treaty.toml")


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    assert read_instrument(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), "t.toml").id == "treaty"


def test_a_failing_example_is_told_with_its_line():
    (told,) = check_text(changed('expect = "core"', 'expect = "full"'), "treaty.toml")
    assert told.startswith("treaty.toml line 25: Example 'A person at the border': expected full, found core")


def example(**changes):
    whole = {
        "what": "Trial",
        "asker": "XA",
        "owner": "XB",
        "category": Category.PERSONS,
        "purpose": Purpose.LOCATE,
        "expect": "full",
    }
    return Example(**(whole | changes))


def test_an_example_that_another_clause_decides_is_told():
    told = check(agreement(permit("a"), permit("b", purposes=(Purpose.WARN,)), examples=(example(clause="b"),)))
    assert "expected b to decide, found treaty a" in told[0]


def test_a_suspended_agreement_is_checked_by_what_its_text_says():
    assert check(agreement(permit(), suspended=True, examples=(example(),))) == []


def test_an_example_on_a_day_out_of_force_is_refused():
    on = date(2019, 12, 31)
    assert check(agreement(permit(), examples=(example(on=on, expect="refused", clause="art-1"),))) == []
    assert check(agreement(permit(), examples=(example(on=on),)))


def test_an_example_asks_in_its_role():
    one = agreement(permit(roles=(Role.SUPERVISOR,)), examples=(example(role=Role.SUPERVISOR),))
    assert check(one) == []


OWING = permit(
    answer_within=AnswerWithin(urgent_minutes=30, routine_minutes=600),
    duties=Duties(erase_after_days=30),
    obligations=("no-onward",),
)
URGENT = Circumstances(priority=Priority.URGENT)


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"owes": ("erase-after-days 30", "no-onward")}, ""),
        ({"owes": ("erase-after-days 31",)}, "expected that erase-after-days 31 is owed, found"),
        ({"owes": ("keep-records-days 9",)}, "expected that keep-records-days 9 is owed"),
        ({"answer_within_minutes": 600}, ""),
        ({"answer_within_minutes": 30}, "expected an answer within 30 minutes, found 600 minutes"),
        ({"answer_within_minutes": 30, "circumstances": URGENT}, ""),
        ({"expect": "refused", "owes": ("no-onward",)}, "nothing is owed"),
    ],
)
def test_an_example_checks_what_the_receiver_owes_and_when_it_is_answered(said: dict[str, Any], complaint: str):
    told = check(agreement(OWING, examples=(example(**said),)))
    assert bool(told) == bool(complaint)
    assert all(complaint in one for one in told)


def test_an_example_without_a_time_to_answer_is_told_so():
    (told,) = check(agreement(permit(), examples=(example(answer_within_minutes=30),)))
    assert told.endswith("expected an answer within 30 minutes, found no time.")


def test_an_example_may_be_one_behind_which_no_person_stands():
    one = agreement(permit(officer_named=True), examples=(example(officer_named=False, expect="refused"),))
    assert check(one) == []
    assert check(msgspec.structs.replace(one, examples=(example(),))) == []


def test_all_complaints_are_told_at_once():
    told = check(
        agreement(permit("a", reply=None), forbid("a", reply=Reply.HIT, roles=("system",)), permit("b", askers=("XZ",)))
    )
    assert len(told) == 4


def test_a_forbidding_clause_that_leaves_something_is_no_complaint():
    assert check(agreement(permit(categories=(Category.PERSONS,)), forbid(purposes=(Purpose.WARN,)))) == []


# -- what is allowed instead ------------------------------------------------------------------------------------------

SHAPES = (Path(__file__).parent / "accept" / "every-shape.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "what", "instead"),
    [
        ('entities = ["customs"]', 'entities = ["army"]', "army", "Use one of bureau, police,"),
        ('effect = "forbid"', 'effect = "deny"', "deny", "Use one of permit, forbid."),
        ('tiers = ["full"]', 'teirs = ["full"]', "teirs", "Use one of answer_within, askers,"),
        ("dual_criminality = true", "double_criminality = true", "double_criminality", "Use one of codes, dual_crim"),
        ('above = "hit"', 'above = "hits"', "hits", "Use one of hit, core, full."),
        ('traits = ["minor", "victim", "sensitive"]', 'traits = ["child"]', "child", "Use one of minor, victim, sens"),
        ('rule = "with-consent"', 'rule = "maybe"', "maybe", "Use one of never, with-consent, allowed."),
        ("erase_after_days = 365", "erase_after_weeks = 52", "erase_after_weeks", "Use one of answer_person_within_d"),
        ('layer = "agreement"', 'layer = "treaty"', "treaty", "Use one of organisation, agreement, national-law."),
        ("on = 2030-06-15", 'on = 2030-06-15\nwhen = "noon"', "when", "Use one of answer_within_minutes, asker,"),
        ("urgent_minutes = 480", "urgent_minutes = 0", "too small", "Write 1 or more."),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_with_what_is_allowed(old: str, new: str, what: str, instead: str):
    assert SHAPES.count(old) == 1
    line = SHAPES[: SHAPES.index(old)].count("\n") + 1 + new.count("\n")
    with pytest.raises(Invalid) as refused:
        read_instrument(SHAPES.replace(old, new).encode(), "shape.toml")
    assert what in refused.value.what
    assert refused.value.where == f"shape.toml line {line}"
    assert instead in refused.value.do


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'grounds = ["sov',
            'quota = { questions = 1, days = 1 }\ngrounds = ["sov',
            "quota goes with effect = permit only",
        ),
        ('evidence = "never"', 'evidence = "never"\ngrounds = ["security"]', "grounds goes with effect = forbid only"),
        ("excluded = [", "natures = [", "with effect = permit write excluded"),
        ('territory = { XA = ["XC"] }', 'territory = { XA = ["XB"] }', "belongs to one party"),
        ('territory = { XA = ["XC"] }', 'territory = { XC = ["XA"] }', "XC is no party to this instrument"),
        ("suspended_until = 2030-06-30", "suspended_until = 2030-05-30", "before its end"),
        ('parties = ["XA", "XB", "un"]', 'parties = ["XA"]', "two parties or more"),
        ('layer = "agreement"', 'layer = "national-law"', "one party: whose it is"),
        ('onward = { rule = "never" }', 'onward = { rule = "never", parties = ["un"] }', "never, so to no parties"),
        ('evidence = "never"', 'evidence = "never"\nobligations = ["erase-after-days"]', "write it under duties"),
        ('deny_countries = ["un"]', 'deny_countries = ["XBE"]', "XBE is no party"),
    ],
)
def test_what_cannot_be_meant_is_refused(old: str, new: str, complaint: str):
    assert SHAPES.count(old) == 1
    with pytest.raises(Invalid, match=re.escape(complaint)):
        read_instrument(SHAPES.replace(old, new).encode(), "shape.toml")


def test_a_national_law_is_one_partys_and_may_speak_of_all_others():
    own = agreement(
        permit(askers=("XB", "un")),
        layer=Layer.NATIONAL_LAW,
        parties=("XA",),
        examples=(example(asker="XB", owner="XA"), example(asker="XC", owner="XA", expect="refused")),
    )
    assert check(own) == []
    strangers = msgspec.structs.replace(own, examples=(example(asker="XB", owner="XC"),))
    assert "this law is of neither" in check(strangers)[0]
