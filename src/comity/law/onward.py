"""May what was told to us be passed on, to whom, and how much of it? Its owner's word decides, not ours."""

from datetime import date

import msgspec
from msgspec import Struct

from comity.domain.caller import Asker
from comity.domain.circumstances import Circumstances, Consent, Use
from comity.domain.decision import Envelope, Request, Taken
from comity.domain.held import Held
from comity.domain.lookup import Finding, Reason
from comity.domain.marking import Handling, Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law import marking as marks
from comity.law.decision import Law, decide, narrowest, of_officer
from comity.law.duties import add_up
from comity.law.envelope import traits
from comity.law.release import show
from comity.law.weighed import by_own_rules, engine

# What came with a record may forbid more than the agreements do today.
NEVER = "no-onward"
WITH_CONSENT = "no-onward-without-permission"
ONLY_TO = "onward-only-to "
TELL_OWNER = "tell-owner-of-passing-on"


class Wish(Struct, frozen=True, kw_only=True):
    """Who wants to pass on what to whom. Parties as instruments write them: two-letter countries, or names."""

    asker: Asker  # who passes it on
    party: str  # theirs
    owner: str  # as a party
    owner_country: str  # '' for an organisation
    recipient: str  # as a party
    recipient_node: str
    purpose: Purpose
    on_behalf_of: str = ""
    consents: tuple[Consent, ...]  # of the owner to us that hold that day


class Passable(Struct, frozen=True, kw_only=True):
    """As much of it as may be passed on, with what its receiver owes; by which decision, and on whose word."""

    finding: Finding
    taken: tuple[Taken, ...]
    consent: Consent | None
    tell_owner: bool


def passable(held: Held[Finding], wish: Wish, law: Law, today: date) -> Passable | Reason:
    """What of a finding may go to a third party today, or why nothing.

    All must permit: the agreements between the owner and us for passing on, our own rules for whoever passes it on,
    what the owner made us owe when it told us, and the record's marking.
    """
    finding = held._content
    if finding.subject is None or not finding.record:
        return Reason(clause="reply level", text="Only that there is a hit was told.", needed="The owner's own answer.")
    request, envelope = _request(wish, finding), _envelope(wish, finding, today)
    by_law = decide(request, envelope, law, today)
    asked = of_officer(wish.asker.roles, finding.category, wish.purpose, wish.on_behalf_of)
    by_us = law.own_rules(asked, finding.level)
    taken = narrowest(by_law, by_us)
    consent = next((one for one in wish.consents if _is_for(one, wish, finding)), None)
    if taken.level is ReplyLevel.NOTHING:
        return taken.reason or Reason(clause="default-deny", text="Nothing permits this.", needed="")
    if why := _against(finding, wish, consent):
        return why
    told = show(held, taken, law.book)
    if told is None or told.subject is None:
        return Reason(clause="reply level", text="Nothing of it may be told that could be passed on.", needed="")
    owed = add_up([*finding.obligations, *taken.obligations])
    return Passable(
        finding=msgspec.structs.replace(told, obligations=owed, match=None),
        taken=(
            Taken(request=request, envelope=envelope, on=today, engine=engine(), decision=by_law),
            by_own_rules(law, asked, finding.level, by_us, today),
        ),
        consent=consent,
        tell_owner=TELL_OWNER in owed,
    )


def _request(wish: Wish, finding: Finding) -> Request:
    return Request(
        asker=wish.party,
        owner=wish.owner,
        category=finding.category,
        purpose=wish.purpose,
        roles=tuple(sorted(wish.asker.roles)),
        officer=wish.asker.officer,
        bureau=wish.asker.bureau,
        circumstances=Circumstances(use=Use.ONWARD, recipient=wish.recipient, consents=wish.consents),
    )


def _envelope(wish: Wish, finding: Finding, today: date) -> Envelope:
    """Until when the owner keeps it is not told with a finding: until it says that it is gone."""
    return Envelope(
        record=finding.record,
        collection=finding.collection,
        source=finding.owner,
        country=wish.owner_country,
        retain_until=today,
        marking=finding.marking or Marking(),
        traits=traits(finding.subject, today) if finding.subject is not None else (),
    )


def _is_for(consent: Consent, wish: Wish, finding: Finding) -> bool:
    wanted = (wish.owner, finding.record, Use.ONWARD, wish.purpose, wish.recipient)
    return wanted == (consent.given_by, consent.record, consent.use, consent.purpose, consent.recipient)


def _against(finding: Finding, wish: Wish, consent: Consent | None) -> Reason | None:
    """What the owner made us owe as it told us, and the record's own marking.

    Falls without each: tests/law/test_onward.py
    """
    marking = finding.marking or Marking()
    if NEVER in finding.obligations:
        return Reason(clause=NEVER, text="Its owner told it on condition that it is passed on to nobody.", needed="")
    limited = [one.removeprefix(ONLY_TO).split(", ") for one in finding.obligations if one.startswith(ONLY_TO)]
    if any(wish.recipient not in parties for parties in limited):
        return Reason(clause="onward-only-to", text=f"Its owner told it for others than {wish.recipient}.", needed="")
    asked = WITH_CONSENT in finding.obligations or Handling.H2 in marking.handling
    if asked and consent is None:
        return Reason(
            clause=WITH_CONSENT,
            text="Its owner told it on condition that it is not passed on without its consent.",
            needed=f"Its consent for this record, {wish.recipient} and {wish.purpose}: comity consent request.",
        )
    if _closed(marking, wish):
        return Reason(clause="marking", text="The owner's marking closes the record to them.", needed="")
    return None


def _closed(marking: Marking, wish: Wish) -> bool:
    """Whether the record's list of countries, as far as we were told it, keeps the receiver out."""
    country = wish.recipient if wish.recipient.isupper() else ""
    receiver = Asker(bureau=wish.recipient_node, country=country, unit="", officer="", roles=())
    return not marks.is_open_to(marking, wish.owner, wish.owner_country, receiver)
