"""What the law is asked, and what it says: how much may be told, by which clauses, or what would be needed."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bundle import Gap
from comity.domain.bureau import Standing
from comity.domain.circumstances import Circumstances, Trait
from comity.domain.lookup import Reason
from comity.domain.marking import Marking
from comity.domain.reply import ReplyLevel

Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One party asks another. Parties: two-letter countries, or names of organisations.

    Codes are plain text here: one that nobody knows is refused by the law, with the reason, like any other.
    """

    asker: Code
    owner: Code
    category: Code
    purpose: Code
    roles: tuple[Code, ...] = ()
    officer_named: bool = True  # a person stands behind it
    officer: Code = ""
    bureau: Code = ""  # the asker's node
    standing: Standing = Standing.ACTIVE  # of the asker, by the directory
    circumstances: Circumstances = Circumstances()


class Envelope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """As much of a record as the law must know to decide on it; its content is not in it."""

    record: Code
    collection: Code = ""
    source: Code
    country: Code = ""
    retain_until: date
    marking: Marking = Marking()
    traits: tuple[Trait, ...] = ()


class LayerDecision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one layer said by itself."""

    layer: str  # "standing", "organisation", "agreement", "asker-law", "owner-law", "marking"
    level: ReplyLevel
    clauses: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    reason: Reason | None = None
    answer_within_minutes: int | None = None


class Decision(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much may be told, by which clauses, and what the receiver owes; or the reason why nothing may.

    `clauses` are written "instrument-id clause-id". `digests` (SHA-256, hex) name every text that was consulted, so
    that the decision can be made again from the same texts. An obligation is a code of the rulebook, a code with a
    figure ("erase-after-days 30"), or a condition in the source's words.
    """

    level: ReplyLevel
    clauses: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    reason: Reason | None = None
    digests: tuple[str, ...] = ()
    answer_within_minutes: int | None = None  # in which the owner owes an answer
    layers: tuple[LayerDecision, ...] = ()


class Taken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A decision as the journal keeps it, with all that it rested on but the texts, which its digests name.

    `own_rules` is set where our own rules alone decided, for somebody here: no deeper than this, for no more was told.
    """

    request: Request
    envelope: Envelope | None = None
    on: date
    engine: str
    decision: Decision
    own_rules: ReplyLevel | None = None
    gaps: tuple[Gap, ...] = ()  # law that should have been here and was not, and follows from no text on file
