"""What the source wrote on a record: how secret, how to handle, how reliable, closed to whom."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from comity.domain.country import country
from comity.domain.errors import Conflict


class Confidentiality(StrEnum):
    """Three levels, after INTERPOL's Rules on the Processing of Data, article 112."""

    OFFICIAL = "for-official-use-only"
    RESTRICTED = "restricted"
    CONFIDENTIAL = "confidential"


class Handling(StrEnum):
    """Europol's handling codes. H3 stands for the texts in `conditions`."""

    H0 = "H0"
    H1 = "H1"  # not in court without permission
    H2 = "H2"  # not passed on without permission
    H3 = "H3"  # other conditions, in words


class SourceGrade(StrEnum):
    """How reliable the source is: the letter of Europol's 4x4 system."""

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class InformationGrade(StrEnum):
    """How sure the information is: the digit of Europol's 4x4 system."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"


class Marking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """The source's own conditions. Two-letter countries; `only_for` empty means no positive list."""

    confidentiality: Confidentiality = Confidentiality.OFFICIAL
    handling: tuple[Handling, ...] = (Handling.H0,)
    source_grade: SourceGrade = SourceGrade.X
    information_grade: InformationGrade = InformationGrade.FOUR
    closed_to: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.closed_to or self.only_for:  # few have any; each record read comes by here
            for code in (*self.closed_to, *self.only_for):
                country(code)


def narrowest(markings: Sequence[Marking]) -> Marking:
    """What holds for things that are put together: of each part of their markings the narrowest, conditions added up.

    Raises Conflict where no country is left that may see all of them.
    """
    if not markings:
        return Marking()
    listed = [{country(code) for code in one.only_for} for one in markings if one.only_for]
    only_for = set.intersection(*listed) if listed else set()
    # An empty list would mean that there is none. Falls without it: tests/domain/test_marking.py
    if listed and not only_for:
        raise Conflict("These are for different countries alone: nobody may see all of them.", do="Send them apart.")
    codes = {code for one in markings for code in one.handling} - {Handling.H0}
    return Marking(
        confidentiality=max((one.confidentiality for one in markings), key=list(Confidentiality).index),
        handling=tuple(sorted(codes)) or (Handling.H0,),
        source_grade=max((one.source_grade for one in markings), key=list(SourceGrade).index),
        information_grade=max((one.information_grade for one in markings), key=list(InformationGrade).index),
        closed_to=tuple(sorted({country(code) for one in markings for code in one.closed_to})),
        only_for=tuple(sorted(only_for)),
        conditions=tuple(dict.fromkeys(text for one in markings for text in one.conditions)),
    )
