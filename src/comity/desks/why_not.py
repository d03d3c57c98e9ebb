"""Why one of this node's own records does not answer a question: where the index loses it, and how they compare."""

from msgspec import Struct

from comity.desks.needs import Clock, Store
from comity.desks.records import Records
from comity.desks.search import persons_held
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid
from comity.domain.lookup import PersonQuery
from comity.domain.match import Match
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.matching.compare import compare_person, told
from comity.matching.numbered import number_keys, number_keys_asked
from comity.matching.seeking import Reason
from comity.matching.thresholds import prior


class WhyNotFound(Struct, frozen=True):
    """What a lookup of today would make of the record."""

    reasons: tuple[Reason, ...]  # why it is not compared; empty where it is
    match: Match
    prior_bits: float
    told: bool  # as far as the law allows
    past_retention: bool
    compared_max: int  # records that one question is compared with


class WhyNot:
    """The desk for whoever entered a record and wonders why a lookup passed it by."""

    def __init__(self, store: Store, records: Records, clock: Clock) -> None:
        self.store = store
        self.records = records
        self.clock = clock

    def explain(
        self, query: PersonQuery, purpose: Purpose, collection_code: str, reference: str, source: str, caller: Caller
    ) -> WhyNotFound:
        """Of one of our own records of persons; to whoever may see it whole, and journalled as such before it is told.

        Raises NotPermitted, Missing, and Invalid for a record of another kind.
        """
        record = self.records.show(collection_code, reference, source, caller)
        if not isinstance(record.subject, Person):
            raise Invalid(f"{reference} is about no person.", where="collection", do="Name nominals or sanctions.")
        today = self.clock().date()
        with self.store.reading() as tx:
            reasons = tx.records.why_not(query, record.header.id, limits.CANDIDATES_MAX)
            prior_bits = prior(persons_held(tx, query), purpose)
        if set(number_keys_asked(query)) & set(number_keys(record.subject)):
            reasons = ()  # found by its number
        match = compare_person(query, record.subject, prior_bits)
        past = record.header.retain_until < today
        return WhyNotFound(
            reasons=reasons,
            match=match,
            prior_bits=prior_bits,
            told=not reasons and not past and told(query, match, purpose),
            past_retention=past,
            compared_max=limits.CANDIDATES_MAX,
        )
