"""A travel document that must not be used: stolen, lost, revoked. It never carries a name."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import issuer
from comity.domain.dates import partial_date

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]


class DocumentType(StrEnum):
    PASSPORT = "passport"
    DIPLOMATIC_PASSPORT = "diplomatic-passport"
    OFFICIAL_PASSPORT = "official-passport"
    IDENTITY_CARD = "identity-card"
    VISA = "visa"
    RESIDENCE_PERMIT = "residence-permit"
    REFUGEE_TRAVEL_DOCUMENT = "refugee-travel-document"
    LAISSEZ_PASSER = "laissez-passer"
    DRIVING_LICENCE = "driving-licence"
    OTHER = "other"


class DocumentFraud(StrEnum):
    """Why the document must not be used."""

    STOLEN_BLANK = "stolen-blank"
    STOLEN = "stolen"  # from its bearer
    LOST = "lost"  # by its bearer
    REVOKED = "revoked"
    INVALIDATED = "invalidated"
    STOLEN_IN_TRANSIT = "stolen-in-transit"


class TravelDocument(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="document",
    gc=False,
):
    """SLTD: its key is (country, type, number). There is no field for a name: whoever writes one is refused."""

    number: Code = ""
    country: Code = ""  # the issuer's three letters
    type: DocumentType = DocumentType.PASSPORT
    fraud: DocumentFraud | None = None
    issued: Code = ""
    expires: Code = ""
    stolen_on: Code = ""
    stolen_in: Code = ""  # two letters
    note: Text = ""  # no personal data

    def __post_init__(self) -> None:
        if self.country:
            issuer(self.country)
        for day in (self.issued, self.expires, self.stolen_on):
            if day:
                partial_date(day)


def gaps(document: TravelDocument) -> tuple[str, ...]:
    """What a document's record still needs before it may be entered."""
    needs = {
        "number": document.number,
        "country": document.country,
        "fraud": document.fraud,
    }
    return tuple(field for field, value in needs.items() if not value)
