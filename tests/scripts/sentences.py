"""The sentences in which stories are told, and what each of them does in a federation."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from comity.domain.batch import BatchRequest, ListLine, QueueEntry, QueueState
from comity.domain.caller import Caller
from comity.domain.circumstances import Circumstances, Harm, StatedOffence
from comity.domain.collection import Category
from comity.domain.country import country_name
from comity.domain.decision import Request
from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.errors import Conflict, Refusal
from comity.domain.firearm import Firearm, FirearmStatus
from comity.domain.hit import Hit, Priority, Side
from comity.domain.lookup import (
    Answer,
    DocumentQuery,
    Finding,
    FirearmQuery,
    LookupRequest,
    PersonQuery,
    Query,
    SourceAnswer,
    VehicleQuery,
    VesselQuery,
)
from comity.domain.marking import Marking
from comity.domain.override import OverrideKind
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.domain.purpose import Purpose
from comity.domain.record import Subject, WithdrawalReason
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus
from comity.formats.row import Row
from comity.law.decision import Law
from comity.law.explain import explain, words
from comity.law.rulebook import shipped_rulebook
from comity.law.shipped import sea_council
from comity.testing.federation import CAST, HUB, NODES, Federation

COUNTRIES = {name: (node, two) for node, (name, two) in NODES.items() if two}  # "Bergenia": ("bergenia", "XB")
ISSUERS = {"XA": "XAL", "XB": "XBE", "XC": "XCV"}
NODE = r"(?:the hub|Aldova|Bergenia|Corvia)"
SEA_COUNCIL = "sea-council"
COLLECTIONS = {
    "passport": "sltd",
    "car": "smv",
    "person": "nominals",
    "firearm": "firearms",
    "boat": "vessels",
}
CLOSED = r"(?: closed to (?P<closed>\w+))?"
WHO = r"(?P<who>[A-Z][a-z]+)"
PURPOSE = rf"for (?P<purpose>{'|'.join(one.value.replace('-', ' ') for one in Purpose)})"

Act = Callable[..., None]
SENTENCES: list[tuple[re.Pattern[str], Act]] = []


class UnknownSentence(Exception):
    """A line that is no sentence of a story, or names somebody who does not exist."""


def sentence(pattern: str) -> Callable[[Act], Act]:
    """This is done wherever that is said."""

    def known(act: Act) -> Act:
        SENTENCES.append((re.compile(pattern), act))
        return act

    return known


class Story:
    """One story in one federation. A line that begins with # and an empty line say nothing."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.asked: LookupRequest | None = None
        self.answer: Answer | None = None
        self.hit = ""
        self.batch = ""
        self.mail = ""
        self.operation = ""
        self.asked = ""  # what the last message answers
        self.filed: dict[str, str] = {}  # cases by their number
        self.out_of_reach: set[str] = set()

    def tell(self, name: str, text: str) -> None:
        """Raises UnknownSentence, or AssertionError where something comes about otherwise; both name the line."""
        for number, line in enumerate(text.splitlines(), 1):
            said = line.strip()
            if not said or said.startswith("#"):
                continue
            try:
                self._do(said)
            except (UnknownSentence, AssertionError) as wrong:
                raise type(wrong)(f"{name}:{number}: {wrong}") from None
            except Refusal as refusal:
                raise AssertionError(f"{name}:{number}: it was refused: {refusal}") from refusal

    def _do(self, said: str) -> None:
        for pattern, act in SENTENCES:
            if found := pattern.fullmatch(said):
                act(self, **found.groupdict())
                return
        raise UnknownSentence(f"nobody knows the sentence {said!r}")

    # -- who ----------------------------------------------------------------------------------------------------------

    def caller(self, who: str, of: str = "") -> Caller:
        login = who.lower()
        if login not in CAST:
            raise UnknownSentence(f"nobody knows {who}")
        if of and CAST[login][0] != node_of(of):
            raise UnknownSentence(f"{who} is not of {of}")
        return self.federation.cast[login]

    # -- records ------------------------------------------------------------------------------------------------------

    @sentence(rf"{WHO} of (?P<of>\w+) enters a (?P<fraud>stolen|lost) passport (?P<number>\w+){CLOSED}\.")
    def enters_a_passport(self, who: str, of: str, fraud: str, number: str, closed: str | None) -> None:
        issuer = ISSUERS[country_of(of)]
        document = TravelDocument(number=number, country=issuer, type=DocumentType.PASSPORT, fraud=DocumentFraud(fraud))
        self._enter(who, of, "sltd", number, document, closed)

    @sentence(rf"{WHO} of (?P<of>\w+) enters a stolen car (?P<number>\w+){CLOSED}\.")
    def enters_a_car(self, who: str, of: str, number: str, closed: str | None) -> None:
        car = Vehicle(plate=number, plate_country=country_of(of), status=VehicleStatus.STOLEN)
        self._enter(who, of, "smv", number, car, closed)

    @sentence(
        rf"{WHO} of (?P<of>\w+) enters a (?P<status>stolen|lost) firearm (?P<serial>\w+) of (?P<make>\w+), "
        rf"calibre (?P<calibre>[^,]+?){CLOSED}\."
    )
    def enters_a_firearm(
        self, who: str, of: str, status: str, serial: str, make: str, calibre: str, closed: str | None
    ) -> None:
        firearm = Firearm(serial=serial, make=make, calibre=calibre, status=FirearmStatus(status))
        self._enter(who, of, "firearms", serial, firearm, closed)

    @sentence(rf"{WHO} of (?P<of>\w+) enters a stolen boat (?P<hull>[\w-]+), named (?P<name>[^,]+?){CLOSED}\.")
    def enters_a_boat(self, who: str, of: str, hull: str, name: str, closed: str | None) -> None:
        boat = Vessel(hull_number=hull, name=name, flag=country_of(of), status=VesselStatus.STOLEN)
        self._enter(who, of, "vessels", hull, boat, closed)

    @sentence(
        rf"{WHO} of (?P<of>\w+) enters the wanted person (?P<name>[^,]+), born (?P<birth>[\d-]+)"
        r"(?:, closed to (?P<closed>\w+))?\."
    )
    def enters_a_person(self, who: str, of: str, name: str, birth: str, closed: str | None) -> None:
        person = Person(
            names=(Name(full=name),),
            births=(birth,),
            status=PersonStatus.WANTED,
            purpose=RecordPurpose.ARREST,
            action="Detain and call the duty desk.",
        )
        self._enter(who, of, "nominals", name, person, closed)

    def _enter(self, who: str, of: str, collection: str, reference: str, subject: Subject, closed: str | None) -> None:
        caller = self.caller(who, of)
        marking = Marking(closed_to=(country_of(closed),)) if closed else Marking()
        records = self.federation[caller.bureau].records
        begun = records.begin("story", f"{collection} {reference}", collection, "", caller)
        done = records.enter(begun, [Row(line=1, reference=reference, subject=subject, marking=marking)], caller)
        assert done.stored == 1, [one.reason for one in records.refused_rows(done)]
        if not self.out_of_reach:  # else whoever is out of reach gets it later
            self.federation.post()

    @sentence(
        rf"{WHO} of (?P<of>\w+) withdraws (?P<what>passport|car|person|firearm|boat) (?P<number>.+): "
        r"(?P<reason>[a-z ]+)\."
    )
    def withdraws(self, who: str, of: str, what: str, number: str, reason: str) -> None:
        caller = self.caller(who, of)
        collection = COLLECTIONS[what]
        why = WithdrawalReason(reason.replace(" ", "-"))
        self.federation[caller.bureau].records.withdraw(collection, number, "", why, caller)

    @sentence(r"The members act under their agreements with the Sea Council\.")
    def act_under_agreements_with_the_sea_council(self) -> None:
        self.federation.publish(*((path.name, path.read_bytes()) for path in sea_council()))

    @sentence(
        r"The hub enters (?P<name>[^,]+), born (?P<birth>[\d-]+), of (?P<place>[^,]+), "
        r"on the list of the Sea Council\."
    )
    def enters_on_a_list(self, name: str, birth: str, place: str) -> None:
        person = Person(
            names=(Name(full=name),),
            births=(birth,),
            birth_place=place,
            status=PersonStatus.SANCTIONED,
            purpose=RecordPurpose.SANCTION,
            action="Hold the cargo and ask the Council.",
        )
        self.federation.enter(HUB, "sanctions", [Row(line=1, reference=name, subject=person)], SEA_COUNCIL)

    @sentence(
        r"Two persons at the hub answer for what (?P<of>\w+) asks: "
        r"against (?P<harm>[a-z ]+), because (?P<why>[a-z ]+)\."
    )
    def answer_at_the_hub(self, of: str, harm: str, why: str) -> None:
        desk, today = self.federation[HUB].overrides, self.federation.time().date()
        first, second = (self.federation[HUB].operator(login) for login in ("lea", "max"))
        against = Harm(harm.removeprefix("the ").replace(" ", "-"))
        desk.confirm(desk.propose(OverrideKind.EMERGENCY, against, of.lower(), "T-1", why, today, first).id, second)

    # -- the line and the clock ---------------------------------------------------------------------------------------

    @sentence(r"Letters are carried\.")
    def letters_are_carried(self) -> None:
        self.federation.post()

    @sentence(rf"(?P<node>{NODE}) is out of reach\.")
    def is_out_of_reach(self, node: str) -> None:
        self.out_of_reach.add(node_of(node))
        self.federation.line.out_of_reach = self.out_of_reach

    @sentence(rf"(?P<node>{NODE}) is in reach again\.")
    def is_in_reach_again(self, node: str) -> None:
        self.out_of_reach.discard(node_of(node))

    @sentence(r"(?P<lapse>\d+) (?P<unit>minutes|hours) pass\.")
    def time_passes(self, lapse: str, unit: str) -> None:
        self.federation.time.pass_by(**{unit: int(lapse)})
        for node in self.federation.nodes.values():
            node.hits.escalate()
            node.arriving_mail.escalate()

    # -- questions ----------------------------------------------------------------------------------------------------

    @sentence(rf"{WHO} asks for passport (?P<number>\w+) of (?P<of>\w+) {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_passport(self, who: str, number: str, of: str, purpose: str, told: str) -> None:
        self._ask(who, DocumentQuery(country=ISSUERS[country_of(of)], number=number), purpose, told)

    @sentence(rf"{WHO} asks for passport (?P<number>\w+) of (?P<of>\w+), or one near it, {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_passport_or_one_near(self, who: str, number: str, of: str, purpose: str, told: str) -> None:
        self._ask(who, DocumentQuery(country=ISSUERS[country_of(of)], number=number, near=True), purpose, told)

    @sentence(
        rf"{WHO} asks for firearm (?P<serial>[\w-]+)(?: of (?P<make>\w+))?(?:, calibre (?P<calibre>[^,]+),)?"
        rf"(?P<near>, or one near it,)? {PURPOSE}: (?P<told>.+)\."
    )
    def asks_for_a_firearm(
        self, who: str, serial: str, make: str | None, calibre: str | None, near: str | None, purpose: str, told: str
    ) -> None:
        query = FirearmQuery(serial=serial, make=make or "", calibre=calibre or "", near=bool(near))
        self._ask(who, query, purpose, told)

    @sentence(rf"{WHO} asks for boat (?P<hull>[\w-]+) {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_boat(self, who: str, hull: str, purpose: str, told: str) -> None:
        self._ask(who, VesselQuery(hull_number=hull), purpose, told)

    @sentence(rf"{WHO} asks for a boat named (?P<name>[^,]+), {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_boat_by_name(self, who: str, name: str, purpose: str, told: str) -> None:
        self._ask(who, VesselQuery(name=name), purpose, told)

    @sentence(rf"{WHO} asks for car (?P<number>\w+) of (?P<of>\w+) {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_car(self, who: str, number: str, of: str, purpose: str, told: str) -> None:
        self._ask(who, VehicleQuery(plate=number, plate_country=country_of(of)), purpose, told)

    @sentence(rf"{WHO} asks for person (?P<name>[^,]+), born (?P<birth>[\d-]+), {PURPOSE}: (?P<told>.+)\.")
    def asks_for_a_person(self, who: str, name: str, birth: str, purpose: str, told: str) -> None:
        self._ask(who, PersonQuery(name=name, birth=birth), purpose, told)

    @sentence(
        rf"{WHO} asks for person (?P<name>[^,]+), born (?P<birth>[\d-]+), {PURPOSE} of (?P<offence>[a-z ]+), "
        r"punishable with (?P<years>\d+) years: (?P<told>.+)\."
    )
    def asks_for_a_person_of_a_crime(
        self, who: str, name: str, birth: str, purpose: str, offence: str, years: str, told: str
    ) -> None:
        stated = StatedOffence(code=offence.replace(" ", "-"), penalty_max_months=12 * int(years))
        self._ask(who, PersonQuery(name=name, birth=birth), purpose, told, stated)

    def _ask(self, who: str, query: Query, purpose: str, told: str, offence: StatedOffence | None = None) -> None:
        """Every other node that answers is named with how it stands: `hub: hit, bergenia: no record`."""
        caller = self.caller(who)
        self.asked = LookupRequest(query=query, purpose=Purpose(purpose.replace(" ", "-")), case="T-1", offence=offence)
        self.answer = self.federation[caller.bureau].lookups.ask(self.asked, caller)
        others = {one.source: one for one in self.answer.sources if one.source != caller.bureau}
        for one in told.split(", "):
            node, _, expected = one.partition(": ")
            assert node in others, f"{node} was not asked"
            stands = how_it_stands(others.pop(node))
            assert stands == expected, f"{node}: {stands}, not {expected}"
        for node, answer in others.items():
            raise AssertionError(f"{node} answered too: {how_it_stands(answer)}")
        for answer in self.answer.sources:
            for finding in answer.findings:
                self.hit = finding.hit

    @sentence(r"(?P<node>\w+) refuses by (?P<clause>[\w-]+ [\w-]+)\.")
    def refuses_by(self, node: str, clause: str) -> None:
        reason = self._source(node).reason
        assert reason is not None, f"{node} gave no reason"
        assert reason.clause == clause, f"{node} refused by {reason.clause}: {reason.text}"

    @sentence(r"(?P<node>\w+) is shown as silent, never as clear\.")
    def is_shown_as_silent(self, node: str) -> None:
        assert how_it_stands(self._source(node)) == "silent", how_it_stands(self._source(node))
        assert self._source(node).reason is not None

    @sentence(r"(?P<node>\w+) says only that there is a hit, and whom to ask\.")
    def says_only_that_there_is_a_hit(self, node: str) -> None:
        for finding in self._source(node).findings:
            assert finding.subject is None, "it says what the record holds"
            assert not finding.record + finding.reference, "it says which record it is"
            assert finding.contact, "it does not say whom to ask"

    @sentence(r"(?P<node>\w+) tells the (?P<level>hit|core|whole record), by (?P<clause>[\w-]+ [\w-]+)\.")
    def tells_so_much(self, node: str, level: str, clause: str) -> None:
        (finding,) = self._source(node).findings
        assert finding.level.word == level.replace("whole record", "full"), f"it tells the {finding.level.word}"
        assert clause in finding.clauses, f"it tells it by {', '.join(finding.clauses)}"

    @sentence(rf"{WHO} owes: (?P<what>.+\.)")
    def owes(self, who: str, what: str) -> None:
        assert self.answer is not None, "nobody has asked yet"
        owed = {code for one in self.answer.sources for finding in one.findings for code in finding.obligations}
        told = {shipped_rulebook().obligation(code) for code in owed}
        assert what in told, f"{who} owes {told}"

    @sentence(rf"The law explains to {WHO}: (?P<what>.+)")
    def explains(self, who: str, what: str) -> None:
        """Of the list, for whoever asked last, by the texts of their own bureau."""
        caller, asked = self.caller(who), self.asked
        assert asked is not None, "nobody has asked yet"
        request = Request(
            asker=caller.country,
            owner=SEA_COUNCIL,
            category=Category.SANCTIONS,
            purpose=asked.purpose,
            roles=tuple(caller.roles),
            circumstances=Circumstances(offence=asked.offence),
        )
        texts = self.federation[caller.bureau].agreements.every()
        told = list(words(explain(request, Law(texts), self.federation.time().date()), shipped_rulebook()))
        assert what in told, told

    @sentence(r"(?P<node>\w+) says that sign (?P<place>\d+) is (?P<found>\w), not (?P<asked>\w)\.")
    def says_which_sign_differs(self, node: str, place: str, found: str, asked: str) -> None:
        (finding,) = self._source(node).findings
        assert finding.match is not None, "it does not say how near it is"
        told = {(one.at + 1, one.asked, one.found) for line in finding.match.fields for one in line.differs}
        assert told == {(int(place), asked, found)}, f"it says {told}"

    @sentence(r"(?P<node>\w+) says that it is (?P<how>probably|hardly) the same\.")
    def says_how_likely_it_is(self, node: str, how: str) -> None:
        (finding,) = self._source(node).findings
        assert finding.match is not None, "it does not say how likely it is"
        assert (finding.match.probability > 0.5) == (how == "probably"), f"{finding.match.probability:.0%}"

    def _source(self, node: str) -> SourceAnswer:
        assert self.answer is not None, "nobody has asked yet"
        found = [one for one in self.answer.sources if one.source == node]
        assert found, f"{node} was not asked"
        return found[0]

    # -- what comes late ----------------------------------------------------------------------------------------------

    @sentence(r"(?P<days>\d+) days? pass(?:es)?\.")
    def days_pass(self, days: str) -> None:
        """A day at a time, as nodes live it: what is past its day is erased, and the directory is followed."""
        for _ in range(int(days)):
            self.federation.time.pass_by(days=1)
            for node in self.federation.nodes.values():
                node.late.expire()
                node.batches.expire()
            self.federation[HUB].members.refresh()
            self.federation.follow()

    @sentence(r"New records are compared with what was asked before\.")
    def new_records_are_compared(self) -> None:
        for node in self.federation.nodes.values():
            node.late.compare()
        self.federation.post()

    @sentence(rf"{WHO} hears that passport (?P<number>\w+) came late\.")
    def hears_of_a_passport(self, who: str, number: str) -> None:
        late = self._late(who)
        found = [
            one for one in late.values() if isinstance(one.subject, TravelDocument) and one.subject.number == number
        ]
        assert found, f"{who} heard of {len(late)} others"
        self.hit = found[0].hit

    @sentence(rf"{WHO} hears of nothing that came late\.")
    def hears_of_nothing(self, who: str) -> None:
        assert not self._late(who), f"{who} heard of {len(self._late(who))}"

    def _late(self, who: str) -> dict[str, Finding]:
        caller = self.caller(who)
        return {finding.hit: finding for _, finding in self.federation[caller.bureau].late.found(caller)}

    @sentence(rf"{WHO} watches for passport (?P<number>\w+) of (?P<of>\w+) {PURPOSE} for (?P<days>\d+) days\.")
    def watches_for_a_passport(self, who: str, number: str, of: str, purpose: str, days: str) -> None:
        caller = self.caller(who)
        query = DocumentQuery(country=ISSUERS[country_of(of)], number=number)
        request = LookupRequest(query=query, purpose=Purpose(purpose.replace(" ", "-")), case="T-1")
        until = self.federation.time().date() + timedelta(days=int(days))
        self.federation[caller.bureau].watches.set(request, until, caller)
        self.federation.post()

    @sentence(rf"{WHO} watches for nothing any more\.")
    def watches_for_nothing(self, who: str) -> None:
        caller = self.caller(who)
        desk = self.federation[caller.bureau].watches
        for watch in desk.every(caller):
            desk.cancel(watch.question.id, caller)
        self.federation.post()

    # -- lists --------------------------------------------------------------------------------------------------------

    @sentence(rf"{WHO} has a list looked up {PURPOSE}: (?P<list>.+)\.")
    def has_a_list_looked_up(self, who: str, purpose: str, list: str) -> None:
        """Each line by its seat: `seat 1A Otto Quast with passport B1 of Bergenia; seat 1B Mira Vetrova`."""
        caller, lines = self.caller(who), []
        for number, said in enumerate(list.split("; "), 1):
            found = re.fullmatch(r"seat (\w+) (.+?)(?: with passport (\w+) of (\w+))?", said)
            if found is None:
                raise UnknownSentence(f"nobody knows the line {said!r}")
            seat, name, passport, of = found.groups()
            document = (DocumentQuery(country=ISSUERS[country_of(of)], number=passport),) if passport else ()
            lines.append(ListLine(line=number, label=seat, queries=(PersonQuery(name=name), *document)))
        desk = self.federation[caller.bureau].batches
        digest = hashlib.sha256(list.encode()).hexdigest()
        stated = Purpose(purpose.replace(" ", "-"))
        request = BatchRequest(file_digest=digest, file_name="list", purpose=stated, case="T-1")
        self.batch = desk.screen(desk.begin(request, caller).id, lines, True, caller).id
        self.federation.post()

    @sentence(rf"For {WHO} (?P<seats>nothing|seats? [\w, ]+) waits? in the queue\.")
    def waits_in_the_queue(self, who: str, seats: str) -> None:
        waiting = ", ".join(one.queued.label for one in self._queue(who)) or "nothing"
        assert waiting == re.sub("^seats? ", "", seats), f"{waiting} waits"

    @sentence(rf"{WHO} takes seat (?P<seat>\w+) up\.")
    def takes_up(self, who: str, seat: str) -> None:
        caller = self.caller(who)
        self.hit = self.federation[caller.bureau].batches.take_up(self._entry(who, seat), caller).id

    @sentence(rf"{WHO} dismisses seat (?P<seat>\w+): (?P<reason>.+)\.")
    def dismisses(self, who: str, seat: str, reason: str) -> None:
        caller = self.caller(who)
        self.federation[caller.bureau].batches.dismiss(self._entry(who, seat), reason, caller)

    def _entry(self, who: str, seat: str) -> str:
        found = [one.queued.id for one in self._queue(who) if one.queued.label == seat]
        assert found, f"seat {seat} does not wait"
        return found[0]

    def _queue(self, who: str) -> tuple[QueueEntry, ...]:
        caller = self.caller(who)
        return self.federation[caller.bureau].batches.queue(self.batch, QueueState.OPEN, 0, caller).entries

    # -- hits ---------------------------------------------------------------------------------------------------------

    @sentence(rf"{WHO} asks the owner to confirm the last hit, (?P<priority>urgent|routine)\.")
    def asks_to_confirm(self, who: str, priority: str) -> None:
        caller = self.caller(who)
        self.federation[caller.bureau].hits.request(self._hit(), Priority(priority), "", caller)

    @sentence(rf"{WHO} confirms the last hit\.")
    def confirms(self, who: str) -> None:
        caller = self.caller(who)
        self.federation[caller.bureau].hits.confirm(self._hit(), "", caller)

    @sentence(rf"{WHO} denies the last hit: (?P<note>.+)\.")
    def denies(self, who: str, note: str) -> None:
        caller = self.caller(who)
        self.federation[caller.bureau].hits.deny(self._hit(), note, caller)

    @sentence(rf"{WHO} may not confirm the last hit\.")
    def may_not_confirm(self, who: str) -> None:
        caller = self.caller(who)
        with suppress(Refusal):
            self.federation[caller.bureau].hits.confirm(self._hit(), "", caller)
            raise AssertionError(f"{who} could confirm it")

    @sentence(rf"{WHO} cannot confirm the last hit as it stands\.")
    def cannot_confirm(self, who: str) -> None:
        caller = self.caller(who)
        with suppress(Conflict):
            self.federation[caller.bureau].hits.confirm(self._hit(), "", caller)
            raise AssertionError(f"{who} could confirm it")

    @sentence(rf"For {WHO} the last hit is (?P<state>open|requested|promised|confirmed|denied)(?P<late> and late)?\.")
    def stands(self, who: str, state: str, late: str | None) -> None:
        caller = self.caller(who)
        hit: Hit = self.federation[caller.bureau].hits.one(self._hit(), caller)
        assert hit.state == state, f"for {who} it is {hit.state}"
        assert bool(hit.escalated_at) == bool(late), f"for {who} it is {'' if hit.escalated_at else 'not '}late"

    @sentence(rf"{WHO} sees that their record was found by (?P<finder>\w+)\.")
    def sees_who_found_it(self, who: str, finder: str) -> None:
        caller = self.caller(who)
        hit = self.federation[caller.bureau].hits.one(self._hit(), caller)
        assert (hit.side, hit.asker) == (Side.OWNER, node_of(finder)), f"it was found by {hit.asker}"

    def _hit(self) -> str:
        assert self.hit, "nobody has had a hit yet"
        return self.hit


def how_it_stands(answer: SourceAnswer) -> str:
    """One source's outcome in words."""
    return answer.outcome.value.replace("-", " ")


def node_of(name: str) -> str:
    """The node of a country, or the hub."""
    if name == "the hub":
        return HUB
    if name not in COUNTRIES:
        raise UnknownSentence(f"nobody knows {name}")
    return COUNTRIES[name][0]


def country_of(name: str) -> str:
    """The two letters of a country of the story."""
    node_of(name)
    two = COUNTRIES[name][1]
    assert country_name(two) == name
    return two
