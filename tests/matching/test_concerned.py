"""Questions that were asked meet whoever is sought in the journal, and nobody else."""

import pytest

from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.matching.concerned import KEYS_VERSION, concerns, keys_sought, keys_written

ASKED = PersonQuery(name="Iwan Petrowitsch Sorokin", birth="1971-03-09")
PAPER = DocumentQuery(country="XBE", number="B1234567")
CAR = VehicleQuery(plate="BE 123 XY", plate_country="XB")


def meet(asked: Query, sought: Query) -> bool:
    return bool(set(keys_written(asked)) & set(keys_sought(sought))) and concerns(asked, sought)


@pytest.mark.parametrize(
    ("asked", "sought"),
    [
        (ASKED, PersonQuery(name="Ivan Sorokin")),
        (ASKED, PersonQuery(name="Сорокин Иван", birth="1971-03-09")),
        (PersonQuery(name="Сорокин Иван Петрович"), PersonQuery(name="Ivan Sorokin", birth="1971-03-09")),
        (PAPER, PersonQuery(name="Somebody Else", document_number="b 1234567")),
        (PersonQuery(name="Somebody Else", document_number="B-1234567"), PAPER),
        (PAPER, DocumentQuery(country="XBE", number="b1234567")),
        (CAR, VehicleQuery(plate="be-123-xy", plate_country="XB")),
        (VesselQuery(imo="9074729"), VesselQuery(imo="IMO 9074729")),
        (FirearmQuery(serial="AB-1234", make="Fictus"), FirearmQuery(serial="ab1234")),
    ],
)
def test_they_meet(asked: Query, sought: Query):
    assert meet(asked, sought)


@pytest.mark.parametrize(
    ("asked", "sought"),
    [
        (ASKED, PersonQuery(name="Ivan Sorokin", birth="1988-12-01")),
        (ASKED, PersonQuery(name="Quirin Zabelthau", birth="1971-03-09")),
        (PAPER, DocumentQuery(country="XBE", number="B7654321")),
        (PAPER, CAR),
        (PersonQuery(name="Iv*n Sor*", wildcard=True), PersonQuery(name="Ivan Sorokin")),
    ],
)
def test_they_do_not(asked: Query, sought: Query):
    assert not meet(asked, sought)


def test_keys_change_with_their_version_alone():
    """The index of a journal was made with them: where these change, KEYS_VERSION must rise."""
    assert KEYS_VERSION == 1
    assert keys_written(ASKED) == (
        *("two afn ptrfs", "two afn srkn", "two ptrfs srkn"),
        *("born 1971-03-09 afn", "born 1971-03-09 ptrfs", "born 1971-03-09 srkn"),
        *("word afn", "word ptrfs", "word srkn"),
    )
    assert keys_written(PAPER) == ("number document XBE 81234567", "paper 81234567")
