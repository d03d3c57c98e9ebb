"""The hub has every sealed letter in its hands: whatever it does with one is noticed, and nothing false is taken."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from comity.domain.evidence import Concerned, Evidence, Step
from comity.domain.mail import Urgency
from comity.domain.post import Collected
from comity.domain.sealed import Route, Sealed
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.canonical import decode, encode, unb64u
from comity.wire.evidence import write_evidence
from comity.wire.seal import seal
from comity.wire.signed import ROUTE, sign
from tests.federation.post_cast import arrived, steps, write, wrongs

Change = Callable[[tuple[Sealed, ...]], Sequence[Sealed]]


def hands_out(federation: Federation, change: Change) -> None:
    """From now on the hub changes what it hands to Bergenia."""
    honest = federation[HUB].postroom.collect

    def collect(proofs: Any, collection: Any, member: Any, once: Any) -> Collected:
        collected = honest(proofs, collection, member, once)
        if member.id != BERGENIA:
            return collected
        letters = tuple(change(collected.letters))
        return msgspec.structs.replace(collected, letters=letters, more=bool(letters))

    federation[HUB].postroom.collect = collect  # type: ignore[method-assign]


def honest_again(federation: Federation) -> None:
    del federation[HUB].postroom.collect
    federation.time.pass_by(seconds=60)


def brought(federation: Federation, *whats: str) -> list[str]:
    """Letters of Aldova to Bergenia that lie at the hub; their ids."""
    letters = [write(federation, what) for what in whats]
    federation[ALDOVA].sealed_courier.bring()
    return letters


def fetch(federation: Federation, node: str = BERGENIA) -> None:
    federation[node].sealed_courier.fetch()


def payload_of(signed: bytes) -> Route:
    return decode(unb64u(msgspec.json.decode(signed)["payload"]), Route, "route")


def test_it_cannot_forge_a_letter(federation: Federation):
    """It signs the outside with its own keys, in Aldova's name."""
    brought(federation, "true")

    def forge(letters: tuple[Sealed, ...]) -> list[Sealed]:
        return [
            Sealed(sign(encode(payload_of(one.route)), ROUTE, federation[HUB].keys.node), one.box) for one in letters
        ]

    hands_out(federation, forge)
    fetch(federation)
    assert arrived(federation) == []
    assert wrongs(federation) == ["forged"]


def test_it_cannot_write_a_letter_of_its_own_as_another_s(federation: Federation):
    """A whole letter, sealed to Bergenia's true key, and signed by the hub."""
    brought(federation, "true")
    key, _ = federation[ALDOVA].sealed_courier.keys.key_for(BERGENIA, federation.time())

    def rewrite(letters: tuple[Sealed, ...]) -> list[Sealed]:
        identities = federation[BERGENIA].sealed_courier.keys.identities(federation.time())
        from_aldova = federation[BERGENIA].sealed_courier
        (arrival,) = from_aldova._opened(letters)
        assert identities
        return [seal(arrival.manifest, federation[HUB].keys.node, {BERGENIA: key}, Urgency.ROUTINE)]

    hands_out(federation, rewrite)
    fetch(federation)
    assert arrived(federation) == []
    assert wrongs(federation) == ["forged"]


def other_last_byte(box: bytes) -> bytes:
    return box[:-1] + bytes([box[-1] ^ 1])


def test_it_cannot_alter_a_letter(federation: Federation):
    brought(federation, "true", "next")
    hands_out(
        federation, lambda letters: [Sealed(one.route, one.box[:-1] + bytes([one.box[-1] ^ 1])) for one in letters]
    )
    fetch(federation)
    assert arrived(federation) == []
    assert wrongs(federation) == ["altered"]
    honest_again(federation)
    federation.post()
    assert arrived(federation) == ["true", "next"]


def test_it_cannot_exchange_the_contents_of_two_letters(federation: Federation):
    brought(federation, "first", "second")

    def exchange(letters: tuple[Sealed, ...]) -> list[Sealed]:
        if not letters:
            return []
        first, second = letters
        return [Sealed(first.route, second.box), Sealed(second.route, first.box)]

    hands_out(federation, exchange)
    fetch(federation)
    assert arrived(federation) == []
    assert wrongs(federation) == ["altered"]


def test_it_cannot_replay_a_letter(federation: Federation):
    brought(federation, "once")
    kept: list[Sealed] = []
    hands_out(federation, lambda letters: kept.extend(letters) or letters)
    federation.post()
    assert arrived(federation) == ["once"]
    honest_again(federation)
    replays = [kept[:1], []]
    hands_out(federation, lambda letters: replays.pop(0) if replays else letters)
    fetch(federation)
    assert arrived(federation) == ["once"]
    assert wrongs(federation) == ["replayed"]


def test_it_cannot_reorder_letters(federation: Federation):
    brought(federation, "1", "2", "3")
    hands_out(federation, lambda letters: letters[::-1])
    fetch(federation)
    assert arrived(federation) == []
    assert wrongs(federation) == ["gap"]
    honest_again(federation)
    federation.post()
    assert arrived(federation) == ["1", "2", "3"]


def test_it_cannot_drop_a_letter_unnoticed(federation: Federation):
    """The recipient says which are missing; the sender has no receipt for them."""
    letters = brought(federation, "1", "2", "3", "4")
    dropped = set(letters[1:3])
    hands_out(federation, lambda found: [one for one in found if payload_of(one.route).id not in dropped])
    fetch(federation)
    fetch(federation, ALDOVA)
    assert arrived(federation) == ["1"]
    (alarm,) = federation[BERGENIA].post.alarms().values()
    assert (alarm.wrong, alarm.sender) == ("gap", ALDOVA)
    first, last = alarm.missing  # letters about the law went before
    assert last == first + 1
    assert f"Letters {first} to {last} of aldova are missing" in alarm.what
    with federation[ALDOVA].store.reading() as tx:
        assert [one.route.id for one in tx.sealed.undelivered(BERGENIA)] == letters[1:]


def test_it_cannot_hold_a_letter_back_unnoticed(federation: Federation):
    """The last one, behind which there is no gap: its sender misses the receipt."""
    (letter,) = brought(federation, "held back")
    hands_out(federation, lambda letters: [])
    fetch(federation)
    federation.time.pass_by(days=1, seconds=1)
    federation[ALDOVA].post.watch()
    (alarm,) = federation[ALDOVA].post.alarms().values()
    assert (alarm.wrong, alarm.letter) == ("undelivered", letter)


def test_it_cannot_pass_a_letter_off_as_expired(federation: Federation):
    """Only the sender's own signed time makes an empty outside a letter that is over."""
    brought(federation, "good for weeks")
    hands_out(federation, lambda letters: [Sealed(one.route, b"") for one in letters])
    fetch(federation)
    assert wrongs(federation) == ["altered"]
    honest_again(federation)
    federation.post()
    assert arrived(federation) == ["good for weeks"]


def test_it_cannot_give_a_letter_to_somebody_else(federation: Federation):
    brought(federation, "for Bergenia")
    with federation[HUB].store.reading() as tx:
        stolen = [one.sealed for one in tx.postroom.waiting(BERGENIA, 1, 10**6)]
    honest = federation[HUB].postroom.collect

    def collect(proofs: Any, collection: Any, member: Any, once: Any) -> Collected:
        collected = honest(proofs, collection, member, once)
        letters = tuple(stolen) if member.id == CORVIA and not collection.passing_over else ()
        return msgspec.structs.replace(collected, letters=letters)

    federation[HUB].postroom.collect = collect  # type: ignore[method-assign]
    fetch(federation, CORVIA)
    assert arrived(federation, CORVIA) == []
    assert wrongs(federation, CORVIA) == ["misdirected"]


def test_it_cannot_transplant_an_outer_signature(federation: Federation):
    """Corvia, hand in hand with the hub, puts its own outside round Aldova's box."""
    brought(federation, "Aldova's own words")
    corvia = federation[CORVIA].keys.node

    def transplant(letters: tuple[Sealed, ...]) -> list[Sealed]:
        routes = [msgspec.structs.replace(payload_of(one.route), sender=CORVIA) for one in letters]
        return [Sealed(sign(encode(route), ROUTE, corvia), one.box) for route, one in zip(routes, letters, strict=True)]

    hands_out(federation, transplant)
    fetch(federation)
    assert arrived(federation) == arrived(federation, sender=CORVIA) == []
    assert wrongs(federation) == ["forged"]


def test_it_cannot_invent_receipts(federation: Federation):
    """In Bergenia's name, signed by the hub."""
    (letter,) = brought(federation, "never delivered")
    invented(federation, Step.DELIVERED, BERGENIA, letter)
    fetch(federation, ALDOVA)
    assert (Step.DELIVERED, BERGENIA) not in steps(federation, ALDOVA, letter)
    assert wrongs(federation, ALDOVA) == ["invented"]
    assert arrived(federation) == []


def test_it_cannot_say_in_its_own_name_that_a_letter_was_delivered(federation: Federation):
    (letter,) = brought(federation, "never delivered")
    invented(federation, Step.DELIVERED, HUB, letter)
    fetch(federation, ALDOVA)
    assert steps(federation, ALDOVA, letter)[-1] == (Step.RELAYED, HUB)
    assert wrongs(federation, ALDOVA) == ["invented"]


def test_it_cannot_use_a_receipt_for_another_letter(federation: Federation):
    """Bergenia's true signature over other bytes than those that Aldova sent."""
    (letter,) = brought(federation, "never delivered")
    said = Evidence(
        step=Step.DELIVERED,
        by=BERGENIA,
        sender=ALDOVA,
        at=federation.time(),
        letters=(Concerned(letter=letter, recipient=BERGENIA, digest="0" * 64),),
    )
    tell(federation, write_evidence(said, federation[BERGENIA].keys.node).signed)
    fetch(federation, ALDOVA)
    assert steps(federation, ALDOVA, letter)[-1] == (Step.RELAYED, HUB)
    assert wrongs(federation, ALDOVA) == ["invented"]


def invented(federation: Federation, step: Step, by: str, letter: str) -> None:
    """A piece of evidence that the hub signed itself and hands to Aldova."""
    with federation[HUB].store.reading() as tx:
        digest = tx.postroom.get(ALDOVA, letter).route.ct_sha256
    concerned = Concerned(letter=letter, recipient=BERGENIA, digest=digest)
    said = Evidence(step=step, by=by, sender=ALDOVA, at=federation.time(), letters=(concerned,))
    tell(federation, write_evidence(said, federation[HUB].keys.node).signed)


def tell(federation: Federation, signed: bytes) -> None:
    """The hub hands that to Aldova the next time, once."""
    honest = federation[HUB].postroom.collect
    pieces = [signed]

    def collect(proofs: Any, collection: Any, member: Any, once: Any) -> Collected:
        collected = honest(proofs, collection, member, once)
        if member.id != ALDOVA or not pieces:
            return collected
        return msgspec.structs.replace(collected, evidence=(*collected.evidence, pieces.pop()))

    federation[HUB].postroom.collect = collect  # type: ignore[method-assign]


def test_it_cannot_have_a_letter_leave_open(federation: Federation):
    """It says that it knows no keys of Bergenia: what Aldova has once seen signed counts, and letters wait sealed."""
    federation.line.out_of_reach = {HUB}
    write(federation, "never open")
    assert federation[ALDOVA].courier.deliver_once(federation.time()) == 0
    assert arrived(federation) == []
    federation.line.out_of_reach = set()
    federation.post()
    assert arrived(federation) == ["never open"]
