"""To whom a message goes: bureaus by name, those of a region, or all; found in the directory on the day it is sent."""

from datetime import date

from comity.domain import limits
from comity.domain.bureau import Directory, Member, NodeRole, Standing
from comity.domain.errors import Invalid, Missing, TooLarge
from comity.domain.mail import Draft
from comity.domain.region import region


def addressees(draft: Draft, directory: Directory, here: str, today: date) -> tuple[Member, ...]:
    """Each once, those named first. Where a member lies follows from the country that it signed in its manifest.

    Raises Invalid, Missing, TooLarge.
    """
    named = tuple(_named(name, directory, here) for name in draft.to)
    if len({one.id for one in named}) != len(named):
        raise Invalid("A bureau is named twice.", where="to", do="Name each once.")
    everyone = (*named, *(one for one in _group(draft, directory, today) if one not in named and one.id != here))
    if not everyone:
        raise Invalid("It goes to nobody.", where="to", do="Name a bureau or a region, or address all.")
    if len(everyone) > limits.MESSAGE_RECIPIENTS_MAX:
        raise TooLarge(
            f"It goes to {len(everyone)} bureaus; at most {limits.MESSAGE_RECIPIENTS_MAX} are allowed.",
            do="Write to one region after the other.",
        )
    return everyone


def _named(name: str, directory: Directory, here: str) -> Member:
    if name == here:
        raise Invalid("Your own bureau is no recipient.", where="to", do="Let colleagues into the case.")
    member = directory.member(name)
    if member is None:
        raise Missing(f"{name} is no member.", where="to", do="See `comity member list`.")
    if member.manifest.role is NodeRole.HUB:
        raise Invalid(f"{name} is a hub and has no officers.", where="to", do="Write to a bureau.")
    return member


def _group(draft: Draft, directory: Directory, today: date) -> list[Member]:
    """Hubs have no officers; to the suspended nothing is sent. Falls without each: tests/desks/test_addressees.py"""
    for name in draft.but:
        if directory.member(name) is None:
            raise Missing(f"{name} is no member.", where="but", do="See `comity member list`.")
    return [
        one
        for one in directory.members
        if one.manifest.role is NodeRole.BUREAU
        and one.stands(today) is not Standing.SUSPENDED
        and one.id not in draft.but
        and (draft.to_all or region(one.manifest.country) in draft.regions)
    ]
