"""Offences as a closed list of codes: what officers state, what agreements name, what records are coded by."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from enum import StrEnum

import msgspec

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.domain.person import Offence, Person
from comity.domain.record import Subject


class OffenceCode(StrEnum):
    """In groups: against life and liberty, sexual, against property, economic, drugs and arms, cross-border and of
    nations, computers, environment, public order, and those that police organisations do not help with."""

    MURDER = "murder"
    MANSLAUGHTER = "manslaughter"
    BODILY_HARM = "bodily-harm"
    DOMESTIC_VIOLENCE = "domestic-violence"
    KIDNAPPING = "kidnapping"
    CHILD_ABDUCTION = "child-abduction"
    HOSTAGE_TAKING = "hostage-taking"
    TORTURE = "torture"
    TRAFFICKING_IN_PERSONS = "trafficking-in-persons"
    TRAFFICKING_IN_ORGANS = "trafficking-in-organs"
    RAPE = "rape"
    SEXUAL_ASSAULT = "sexual-assault"
    CHILD_ABUSE = "child-abuse"
    CHILD_ABUSE_IMAGES = "child-abuse-images"
    ROBBERY = "robbery"
    BURGLARY = "burglary"
    THEFT = "theft"
    VEHICLE_THEFT = "vehicle-theft"
    HANDLING_STOLEN_GOODS = "handling-stolen-goods"
    EXTORTION = "extortion"
    ARSON = "arson"
    CRIMINAL_DAMAGE = "criminal-damage"
    SABOTAGE = "sabotage"
    TRAFFICKING_IN_CULTURAL_GOODS = "trafficking-in-cultural-goods"
    FRAUD = "fraud"
    TAX_FRAUD = "tax-fraud"
    EMBEZZLEMENT = "embezzlement"
    CORRUPTION = "corruption"
    MONEY_LAUNDERING = "money-laundering"
    INSIDER_DEALING = "insider-dealing"
    COUNTERFEITING_CURRENCY = "counterfeiting-currency"
    PAYMENT_CARD_FRAUD = "payment-card-fraud"
    PRODUCT_PIRACY = "product-piracy"
    FORGERY_OF_DOCUMENTS = "forgery-of-documents"
    IDENTITY_FRAUD = "identity-fraud"
    TRAFFICKING_IN_DRUGS = "trafficking-in-drugs"
    POSSESSION_OF_DRUGS = "possession-of-drugs"
    DOPING_SUBSTANCES = "doping-substances"
    TRAFFICKING_IN_ARMS = "trafficking-in-arms"
    POSSESSION_OF_ARMS = "possession-of-arms"
    EXPLOSIVES = "explosives"
    NUCLEAR_MATERIALS = "nuclear-materials"
    TERRORISM = "terrorism"
    FINANCING_OF_TERRORISM = "financing-of-terrorism"
    CRIMINAL_ORGANISATION = "criminal-organisation"
    MIGRANT_SMUGGLING = "migrant-smuggling"
    ILLEGAL_ENTRY = "illegal-entry"
    CUSTOMS_OFFENCE = "customs-offence"
    PIRACY = "piracy"
    HIJACKING = "hijacking"
    GENOCIDE = "genocide"
    CRIMES_AGAINST_HUMANITY = "crimes-against-humanity"
    WAR_CRIMES = "war-crimes"
    COMPUTER_CRIME = "computer-crime"
    ENVIRONMENTAL_CRIME = "environmental-crime"
    TRAFFICKING_IN_WILDLIFE = "trafficking-in-wildlife"
    HATE_CRIME = "hate-crime"
    PUBLIC_DISORDER = "public-disorder"
    TRESPASS = "trespass"
    PERVERTING_JUSTICE = "perverting-justice"
    ESCAPE = "escape"
    ROAD_TRAFFIC = "road-traffic"
    TREASON = "treason"
    SEDITION = "sedition"
    ESPIONAGE = "espionage"
    INSULT_OF_THE_STATE = "insult-of-the-state"
    LIBEL = "libel"
    BLASPHEMY = "blasphemy"
    DESERTION = "desertion"
    OTHER = "other"


CODES = frozenset(OffenceCode)
_NEAREST = 5


def use_one_of(code: str) -> str:
    """The codes that come nearest to one that nobody knows, and where all stand."""
    asked = re.findall(r"[a-z]{3,}", code.lower())
    sharing = sorted((one for one in OffenceCode if _shared(one, asked)), key=lambda one: -_shared(one, asked))
    near = [*sharing, *get_close_matches("-".join(asked), list(OffenceCode), _NEAREST)] or list(OffenceCode)
    named = ", ".join(list(dict.fromkeys(near))[:_NEAREST])
    return f"Use one of {named} …; docs/glossary.md has all {len(OffenceCode)} (OffenceCode)."


def _shared(code: OffenceCode, words: Sequence[str]) -> int:
    return len(set(code.split("-")) & set(words))


def known_offence(code: str, where: str = "offence.code") -> str:
    """The code. Raises Invalid for one that is not in the list."""
    if code not in CODES:
        raise Invalid(f"{code!r} is no code of an offence.", where=where, do=use_one_of(code))
    return code


def coded(offence: Offence) -> Offence:
    """As a record is entered: what is no code is kept, to the letter, in the text, and coded as another offence."""
    code = offence.code.strip().lower().replace("_", "-").replace(" ", "-")
    if code in CODES:
        return msgspec.structs.replace(offence, code=code)
    words = f"{offence.code}: {offence.text}" if offence.text else offence.code
    return msgspec.structs.replace(offence, code=OffenceCode.OTHER.value, text=words[: limits.TEXT_CHARS_MAX])


def with_coded_offences(subject: Subject) -> Subject:
    """As a record is entered here, whatever words its source has for offences."""
    if not isinstance(subject, Person) or not subject.offences:
        return subject
    return msgspec.structs.replace(subject, offences=tuple(coded(one) for one in subject.offences))
