"""Things that are put together are marked as the narrowest of them."""

import pytest

from comity.domain.errors import Conflict
from comity.domain.marking import Confidentiality, Handling, InformationGrade, Marking, SourceGrade, narrowest

OPEN = Marking(source_grade=SourceGrade.A, information_grade=InformationGrade.ONE)


def test_of_each_part_the_narrowest():
    other = Marking(
        confidentiality=Confidentiality.CONFIDENTIAL,
        handling=(Handling.H3, Handling.H1),
        source_grade=SourceGrade.C,
        information_grade=InformationGrade.TWO,
        closed_to=("XC",),
        only_for=("XA", "XB"),
        conditions=("call first",),
    )
    third = Marking(handling=(Handling.H2,), only_for=("XBE",), conditions=("call first", "no copy"))
    assert narrowest([OPEN, other]) == Marking(
        confidentiality=Confidentiality.CONFIDENTIAL,
        handling=(Handling.H1, Handling.H3),
        source_grade=SourceGrade.C,
        information_grade=InformationGrade.TWO,
        closed_to=("XC",),
        only_for=("XA", "XB"),
        conditions=("call first",),
    )
    found = narrowest([other, third])
    assert found.handling == (Handling.H1, Handling.H2, Handling.H3)
    assert found.only_for == ("XB",)
    assert found.conditions == ("call first", "no copy")
    assert (found.source_grade, found.information_grade) == (SourceGrade.X, InformationGrade.FOUR)


def test_alone_it_stays_as_it_is():
    assert narrowest([OPEN]) == OPEN
    assert narrowest([]) == Marking()


def test_where_no_country_is_left_it_is_refused_not_opened_to_all():
    with pytest.raises(Conflict):
        narrowest([Marking(only_for=("XA",)), Marking(only_for=("XB",))])
