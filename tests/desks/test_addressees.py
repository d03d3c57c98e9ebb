"""Messages to a region or to all: who that is stands in the directory, and nobody sees who else got it unless told."""

import pytest
from msgspec.structs import replace

from comity.desks.addressees import addressees
from comity.domain.bureau import Standing
from comity.domain.collection import Category
from comity.domain.country_codes import STATES
from comity.domain.errors import Invalid, Missing, NotPermitted
from comity.domain.mail import Draft
from comity.domain.region import Region, region
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from tests.desks.casework import DRAFT, mail_at, opened, sent

TO_ALL = replace(DRAFT, to=(), to_all=True)
TO_EUROPE = replace(DRAFT, to=(), regions=(Region.EUROPE,))


def names(federation: Federation, draft: Draft, here: str = ALDOVA) -> list[str]:
    directory = federation[here].directory()
    return sorted(one.id for one in addressees(draft, directory, here, federation.time().date()))


def test_every_country_lies_in_one_region():
    nowhere = {two for two, _, _ in STATES if region(two) is None}
    assert nowhere == {"AQ"}
    assert region("") is None


def test_a_region_is_every_bureau_there_but_our_own_and_the_hub(federation: Federation):
    assert names(federation, TO_EUROPE) == [BERGENIA]
    assert names(federation, TO_EUROPE, CORVIA) == [ALDOVA, BERGENIA]
    assert names(federation, TO_ALL) == [BERGENIA, CORVIA]
    assert names(federation, replace(TO_ALL, but=(CORVIA,))) == [BERGENIA]
    assert names(federation, replace(TO_EUROPE, to=(BERGENIA, CORVIA))) == [BERGENIA, CORVIA]


def test_nothing_is_addressed_to_the_suspended_by_region(federation: Federation):
    federation.measure(BERGENIA, Standing.SUSPENDED, "an inquiry")
    federation[HUB].members.refresh()
    federation[ALDOVA].follower.follow_once()
    assert names(federation, TO_ALL) == [CORVIA]
    with pytest.raises(Invalid, match="to nobody"):
        names(federation, TO_EUROPE)


@pytest.mark.parametrize(
    ("draft", "match"),
    [
        (replace(DRAFT, to=()), "to nobody"),
        (replace(DRAFT, to=(BERGENIA, BERGENIA)), "named twice"),
        (replace(DRAFT, to=(ALDOVA,)), "Your own"),
        (replace(DRAFT, to=(HUB,)), "is a hub"),
    ],
)
def test_who_is_no_addressee(federation: Federation, draft: Draft, match: str):
    with pytest.raises(Invalid, match=match):
        names(federation, draft)
    for unknown in (replace(DRAFT, to=("nowhere",)), replace(TO_ALL, but=("nowhere",))):
        with pytest.raises(Missing):
            names(federation, unknown)


def test_a_message_to_a_region_arrives_there_and_nowhere_else(federation: Federation):
    mail = sent(federation, opened(federation), to=(), regions=(Region.EUROPE,))
    assert mail.message.recipients == (BERGENIA,)
    assert mail_at(federation, BERGENIA, mail.id).message.recipients == (BERGENIA,)
    assert mail_at(federation, CORVIA, mail.id) is None


def test_all_get_it_or_none_and_whom_the_law_does_not_allow_is_left_out_by_name(federation: Federation):
    case, ada, desk = opened(federation), federation.cast["ada"], federation[ALDOVA].mail
    with pytest.raises(NotPermitted) as refused:
        desk.send(desk.write(case.id, TO_ALL, ada).id, ada)  # Corvia may be told the core alone
    assert refused.value.clauses == ("convention-on-police-information art-8",)
    assert [leg.bureau for leg in sent(federation, case, to=(), to_all=True, but=(CORVIA,)).legs] == [BERGENIA]


@pytest.mark.parametrize("openly", [False, True])
def test_recipients_of_a_group_see_each_other_only_where_the_sender_allows(federation: Federation, openly: bool):
    mail = sent(federation, opened(federation, category=Category.VEHICLES), to=(), to_all=True, shows_recipients=openly)
    for name in (BERGENIA, CORVIA):
        assert mail_at(federation, name, mail.id).message.recipients == ((BERGENIA, CORVIA) if openly else (name,))
    letters = {leg.letter for leg in mail.legs}
    assert len(letters) == 2  # a letter, a box and a place of its own for each: the hub cannot count who else got it
