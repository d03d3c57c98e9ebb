"""Bundles of law: who may publish what, which version is in use on a day, and what follows from one that is not."""

import hashlib
from datetime import date, timedelta

import msgspec
import pytest

from comity.domain.bulletin import Publication
from comity.domain.bundle import Bundle, BundleText, LawWithdrawal, Signatory, SignedBundle, SignedLaw, SignedWithdrawal
from comity.domain.decision import Decision, Request, Taken
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.instrument import Layer
from comity.domain.reply import ReplyLevel
from comity.law.bundles import (
    Listed,
    awaited,
    check_bundle,
    check_continues,
    check_withdrawal,
    in_use,
    of_document,
    rulebook_of,
    rulebook_on,
    rulebook_text,
)
from comity.law.decision import Law, decide
from comity.law.published import without_documents
from comity.law.replay import differences, replay
from comity.law.rulebook import files_of, kept_rulebook, shipped_rulebook
from tests.wire.cast import NOW
from tests.wire.law_cast import item

TODAY = NOW.date()
PARTIES = {"hub": "hub", "aldova": "XA", "bergenia": "XB", "corvia": "XC"}
XA, XB, XC = (Signatory(node=node, party=PARTIES[node]) for node in ("aldova", "bergenia", "corvia"))
BOOK = shipped_rulebook()
HUB, UN = Signatory(node="hub", party="hub"), Signatory(node="hub", party="un")


def toml(name: str, parties: list[str], layer: str = "agreement", effect: str = "permit") -> str:
    reply = 'reply = "full"' if effect == "permit" else ""
    return f"""
id = "{name}"
title = "A text"
source = "Fictitious"
layer = "{layer}"
parties = {parties}
in_force_from = 2020-01-01

[[clauses]]
id = "art-1"
title = "Documents"
effect = "{effect}"
text = "On stolen documents."
categories = ["travel-documents"]
{reply}
"""


TREATY = toml("treaty", ["XA", "XB", "XC"])
NATIONAL = toml("law-of-bergenia", ["XB"], "national-law")
RULES = toml("rules", [], "organisation")


def bundle(text: str, *signatories: Signatory, **fields: object) -> Bundle:
    layer = (
        Layer.ORGANISATION if "organisation" in text else Layer.NATIONAL_LAW if "national" in text else Layer.AGREEMENT
    )
    plain = Bundle(
        id=text.split('"')[1],
        layer=layer,
        signatories=signatories,
        version=1,
        previous="",
        issued_at=NOW,
        valid_from=TODAY,
        valid_until=TODAY + timedelta(days=365),
        texts=(BundleText(name="text.toml", sha256=hashlib.sha256(text.encode()).hexdigest(), text=text),),
    )
    return msgspec.structs.replace(plain, **fields)


def signed(of: Bundle, *nodes: str) -> SignedBundle:
    """As though these had signed: who did is what the law looks at, not by which bytes."""
    payload = hashlib.sha256(msgspec.json.encode(of)).hexdigest()
    by = nodes or of.nodes
    return SignedBundle(bundle=of, payload_digest=payload, signed=by, document=f"{payload} {by}".encode())


def next_of(before: SignedBundle, text: str = "", **fields: object) -> Bundle:
    of = bundle(text or before.bundle.texts[0].text, *before.bundle.signatories)
    return msgspec.structs.replace(of, version=before.bundle.version + 1, previous=before.payload_digest, **fields)


def ended(of: SignedBundle, by: Signatory, first_day: date = TODAY) -> SignedWithdrawal:
    withdrawal = LawWithdrawal(
        bundle=of.bundle.id,
        version=of.bundle.version,
        payload=of.payload_digest,
        layer=of.bundle.layer,
        signatory=by,
        first_day=first_day,
        reason="Denounced",
        issued_at=NOW,
    )
    return SignedWithdrawal(withdrawal=withdrawal, document=f"{withdrawal}".encode())


def listed(*documents: SignedLaw | None, fault: str = "", **of_lost: object) -> list[Listed]:
    """Item after item; for None an item whose document cannot be used."""
    found: list[Listed] = []
    for number, one in enumerate(documents, start=1):
        match one:
            case None:
                found.append((item(number, **of_lost), None, fault))
            case SignedBundle(bundle=of):
                found.append((item(number, id=of.id, version=of.version, payload=one.payload_digest), one, ""))
            case _:
                kind, of_id = Publication.WITHDRAWAL, one.withdrawal.bundle
                found.append((item(number, kind=kind, id=of_id), one, ""))
    return found


def asked(asker: str = "XA", owner: str = "XB", category: str = "travel-documents") -> Request:
    return Request(asker=asker, owner=owner, category=category, purpose="border-control", roles=("officer",))


def decided(found: list[Listed], asker: str = "XA", owner: str = "XB", on: date = TODAY) -> Decision:
    return decide(asked(asker, owner), None, Law([], published=in_use(found, on)), on)


def reason(decision: Decision) -> str:
    assert decision.level is ReplyLevel.NOTHING
    assert decision.reason is not None
    return f"{decision.reason.clause}: {decision.reason.text} {decision.reason.needed}"


AGREED = signed(bundle(TREATY, XA, XB, XC))
LAW_OF_B = signed(bundle(NATIONAL, XB))


# -- who may publish what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(bundle(TREATY, XA, XB, XC), id="agreement"),
        pytest.param(bundle(NATIONAL, XB), id="national law"),
        pytest.param(bundle(RULES, HUB), id="organisation"),
        pytest.param(bundle(toml("t", ["XA", "un"]), XA, UN), id="of a body without a node"),
    ],
)
def test_owners_publish_what_is_theirs(of: Bundle):
    assert [one.layer for one in check_bundle(of, "hub", PARTIES, BOOK)] == [of.layer]


@pytest.mark.parametrize(
    ("of", "why"),
    [
        pytest.param(bundle(NATIONAL, XA), "not the law of XA alone", id="another's national law"),
        pytest.param(bundle(NATIONAL, Signatory(node="aldova", party="XB")), "cannot sign for XB", id="for another"),
        pytest.param(bundle(NATIONAL, Signatory(node="hub", party="XB")), "cannot sign for XB", id="hub for a member"),
        pytest.param(bundle(NATIONAL, XB, XA), "by the one member", id="two owners of one law"),
        pytest.param(bundle(RULES, XA), "by the hub alone", id="the organisation's rules"),
        pytest.param(bundle(TREATY, XA), "two parties at least", id="an agreement with oneself"),
        pytest.param(bundle(TREATY, XA, XB, UN), "un is no party", id="a stranger"),
        pytest.param(bundle(NATIONAL, XB, layer=Layer.AGREEMENT), "two parties", id="another's layer"),
        pytest.param(bundle(TREATY, XB, layer=Layer.NATIONAL_LAW), "treaty is agreement", id="an agreement as a law"),
        pytest.param(bundle(NATIONAL, XB, rulebook={"roles": "x"}), "organisation's own", id="a rulebook of a member"),
        pytest.param(bundle(TREATY, XA, Signatory(node="daleland", party="XD")), "cannot sign for XD", id="no member"),
    ],
)  # fmt: skip
def test_nobody_publishes_what_is_anothers(of: Bundle, why: str):
    with pytest.raises(NotPermitted, match=why):
        check_bundle(of, "hub", PARTIES, BOOK)


def test_a_text_that_fails_its_own_examples_is_not_published():
    asks = 'what = "x"\nasker = "XA"\nowner = "XB"\ncategory = "persons"\npurpose = "locate"\nexpect = "full"\n'
    example = f"[[examples]]\n{asks}"
    with pytest.raises(Invalid, match="expected full"):
        check_bundle(bundle(TREATY + example, XA, XB, XC), "hub", PARTIES, BOOK)
    with pytest.raises(Invalid, match="two instruments of one id"):
        twice = bundle(TREATY, XA, XB, XC)
        check_bundle(msgspec.structs.replace(twice, texts=twice.texts * 2), "hub", PARTIES, BOOK)


# -- one version after the other --------------------------------------------------------------------------------------


def test_versions_follow_one_another():
    assert check_continues(AGREED, None) is Publication.BUNDLE
    assert check_continues(signed(next_of(AGREED)), AGREED) is Publication.BUNDLE
    assert check_continues(AGREED, signed(AGREED.bundle, "aldova", "bergenia")) is Publication.ACCESSION


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(signed(msgspec.structs.replace(AGREED.bundle, valid_until=TODAY)), id="fork of the first"),
        pytest.param(signed(msgspec.structs.replace(next_of(AGREED), previous="f" * 64)), id="fork"),
        pytest.param(signed(msgspec.structs.replace(next_of(AGREED), version=3)), id="gap"),
        pytest.param(signed(AGREED.bundle, "aldova", "bergenia"), id="a signature vanished"),
        pytest.param(AGREED, id="the same again"),
        pytest.param(signed(msgspec.structs.replace(next_of(AGREED), layer=Layer.ORGANISATION)), id="another layer"),
    ],
)  # fmt: skip
def test_what_does_not_continue_the_version_held_is_refused(new: SignedBundle):
    with pytest.raises(Conflict):
        check_continues(new, AGREED)


def test_an_older_version_never_comes_back():
    second = signed(next_of(AGREED))
    with pytest.raises(Conflict):
        check_continues(AGREED, second)


def test_a_law_never_becomes_anothers():
    with pytest.raises(NotPermitted):
        check_continues(signed(msgspec.structs.replace(next_of(LAW_OF_B), signatories=(XA,))), LAW_OF_B)


def test_some_parties_cannot_change_what_binds_the_others():
    new = next_of(AGREED)
    assert awaited(signed(new, "aldova", "bergenia"), AGREED, ()) == ("corvia",)
    assert awaited(signed(new, "aldova", "bergenia"), AGREED, ("corvia",)) == ()
    assert awaited(signed(new), AGREED, ()) == ()


def test_an_agreement_waits_for_a_second_party():
    assert awaited(signed(AGREED.bundle, "aldova"), None, ()) == ("bergenia", "corvia")
    assert awaited(signed(AGREED.bundle, "aldova", "corvia"), None, ()) == ()
    assert awaited(LAW_OF_B, None, ()) == ()


def test_only_who_signed_withdraws_and_only_for_days_to_come():
    check_withdrawal(ended(AGREED, XC).withdrawal, AGREED)
    stranger = msgspec.structs.replace(ended(AGREED, XC).withdrawal, signatory=HUB)
    for wrong in (stranger, ended(AGREED, XC, TODAY - timedelta(days=1)).withdrawal):
        with pytest.raises(NotPermitted):
            check_withdrawal(wrong, AGREED)
    with pytest.raises(NotPermitted, match="did not sign"):
        check_withdrawal(ended(AGREED, XC).withdrawal, signed(AGREED.bundle, "aldova", "bergenia"))
    for other in (None, signed(next_of(AGREED))):
        with pytest.raises(Conflict):
            check_withdrawal(ended(AGREED, XC).withdrawal, other)


# -- what is in use ---------------------------------------------------------------------------------------------------


def test_an_agreement_binds_those_who_signed_it():
    found = listed(signed(AGREED.bundle, "aldova", "bergenia"))
    assert decided(found).level is ReplyLevel.FULL
    assert "treaty version 1 was not signed by XC" in reason(decided(found, "XA", "XC"))
    assert decided(listed(AGREED), "XA", "XC").level is ReplyLevel.FULL


def test_a_decision_names_the_digests_of_the_bundles():
    decision = decided(listed(AGREED, LAW_OF_B))
    assert set(decision.digests) == {AGREED.digest, LAW_OF_B.digest, shipped_rulebook().digest}


@pytest.mark.parametrize("of", [AGREED, LAW_OF_B], ids=["agreement", "national law"])
def test_an_expired_bundle_denies_and_says_which_and_what_to_do(of: SignedBundle):
    after = of.bundle.valid_until + timedelta(days=1)
    told = reason(decided(listed(AGREED, LAW_OF_B) if of is LAW_OF_B else listed(AGREED), on=after))
    assert f"version 1 expired on {of.bundle.valid_until}" in told
    assert "must sign and publish it anew" in told


def test_of_two_laws_of_one_party_an_expired_one_is_not_passed_over():
    lasting = signed(bundle(toml("other-law", ["XB"], "national-law"), XB, valid_until=TODAY + timedelta(days=900)))
    after = TODAY + timedelta(days=400)
    agreed = signed(msgspec.structs.replace(AGREED.bundle, valid_until=after))
    assert "law-of-bergenia" in reason(decided(listed(agreed, LAW_OF_B, lasting), on=after))


@pytest.mark.parametrize(
    ("layer", "party", "refused"),
    [
        (Layer.ORGANISATION, HUB, {("XA", "XB"), ("XA", "XC")}),
        (Layer.NATIONAL_LAW, XB, {("XA", "XB")}),
        (Layer.NATIONAL_LAW, XA, {("XA", "XB"), ("XA", "XC")}),
        (Layer.AGREEMENT, XB, set()),
    ],
)
def test_what_the_bulletin_names_and_is_not_to_be_had_denies(
    layer: Layer, party: Signatory, refused: set[tuple[str, str]]
):
    found = listed(AGREED, None, fault="its document could not be fetched.", layer=layer, signatories=(party,))
    for pair in (("XA", "XB"), ("XA", "XC")):
        decision = decided(found, *pair)
        if pair in refused:
            assert "cannot be used: its document could not be fetched." in reason(decision)
        else:
            assert decision.level is ReplyLevel.FULL


def test_a_missing_version_is_not_replaced_by_the_one_before():
    lost = {"id": "treaty", "version": 2, "layer": Layer.AGREEMENT, "signatories": (XA, XB, XC)}
    assert "treaty version 2" in reason(decided(listed(AGREED, None, fault="damaged.", **lost)))
    third = signed(next_of(signed(next_of(AGREED))))
    assert decided([*listed(AGREED, None, fault="damaged.", **lost), *listed(third)]).level is ReplyLevel.FULL


def test_a_missing_accession_leaves_those_bound_who_were():
    two = signed(AGREED.bundle, "aldova", "bergenia")
    lost = {"kind": Publication.ACCESSION, "id": "treaty", "signatories": (XA, XB, XC)}
    found = listed(two, None, fault="damaged.", **lost)
    assert decided(found).level is ReplyLevel.FULL
    assert "was not signed by XC" in reason(decided(found, "XA", "XC"))


def test_a_version_is_in_use_from_its_first_day():
    tomorrow = TODAY + timedelta(days=1)
    stricter = toml("treaty", ["XA", "XB", "XC"]).replace('"full"', '"hit"')
    second = signed(next_of(AGREED, stricter, valid_from=tomorrow))
    found = listed(AGREED, second)
    assert decided(found).level is ReplyLevel.FULL
    assert decided(found, on=tomorrow).level is ReplyLevel.HIT
    assert decided(found, on=tomorrow).digests != decided(found).digests


def test_who_withdraws_is_bound_no_more_from_that_day_on():
    day = TODAY + timedelta(days=30)
    found = listed(AGREED, ended(AGREED, XC, day))
    assert decided(found, "XA", "XC").level is ReplyLevel.FULL
    assert f"ended for XC on {day}" in reason(decided(found, "XA", "XC", day))
    assert decided(found, "XA", "XB", day).level is ReplyLevel.FULL


def test_a_law_that_its_owner_withdrew_is_gone_and_may_come_again():
    forbidding = signed(bundle(toml("law-of-bergenia", ["XB"], "national-law", "forbid"), XB))
    found = listed(AGREED, forbidding)
    assert "On stolen documents" in reason(decided(found))
    found = listed(AGREED, forbidding, ended(forbidding, XB))
    assert decided(found).level is ReplyLevel.FULL
    again = signed(next_of(forbidding))
    assert "On stolen documents" in reason(decided([*found, *listed(again)]))


def test_a_withdrawal_that_cannot_be_read_ends_nothing_silently():
    lost = {"kind": Publication.WITHDRAWAL, "id": "law-of-bergenia", "layer": Layer.NATIONAL_LAW, "signatories": (XB,)}
    assert "cannot be used" in reason(decided(listed(AGREED, LAW_OF_B, None, fault="damaged.", **lost)))


def test_two_published_texts_of_one_id_deny():
    other = signed(bundle(toml("law-of-bergenia", ["XB"], "national-law"), XB, id="second-name"))
    assert "two published texts of law-of-bergenia" in reason(decided(listed(AGREED, LAW_OF_B, other)))


def test_a_text_that_this_release_cannot_read_denies():
    unread = signed(bundle(NATIONAL.replace("travel-documents", "something-new"), XB))
    assert "cannot be read" in reason(decided(listed(AGREED, unread)))


def test_the_rulebook_that_the_organisation_publishes_is_the_one_decided_by():
    files = files_of(shipped_rulebook())
    assert kept_rulebook(rulebook_text(bundle(RULES, HUB, rulebook=files))) == shipped_rulebook()
    files["retention"] += "# amended\n"
    found = in_use(listed(signed(bundle(RULES, HUB, rulebook=files))), TODAY)
    assert kept_rulebook(found.rulebook).digest != shipped_rulebook().digest


def by_our_rules(found: list[Listed], on: date = TODAY) -> Decision:
    in_use_then = in_use(found, on)
    book = kept_rulebook(in_use_then.rulebook) if in_use_then.rulebook else None
    return Law([], book, published=in_use_then).officer(["officer"], "persons", "border-control", ReplyLevel.FULL)


def test_where_the_published_rulebook_may_not_be_used_nobody_here_sees_anything():
    """The one that is shipped may permit what the organisation's own forbids."""
    rules = signed(bundle(RULES, HUB, rulebook=files_of(shipped_rulebook())))
    after = rules.bundle.valid_until + timedelta(days=1)
    assert by_our_rules(listed(rules)).level is ReplyLevel.CORE
    assert "rules version 1 expired" in reason(by_our_rules(listed(rules), after))
    lost = listed(None, fault="damaged.", layer=Layer.ORGANISATION, signatories=(HUB,))
    assert "cannot be used: damaged." in reason(by_our_rules(lost))
    others = listed(None, fault="damaged.", layer=Layer.NATIONAL_LAW, signatories=(XB,))
    assert by_our_rules(others).level is ReplyLevel.CORE
    without = signed(bundle(RULES, HUB))
    assert by_our_rules(listed(without), after).level is ReplyLevel.CORE, "it holds no rulebook"


def test_texts_are_read_by_the_newest_rulebook_whose_first_day_has_come():
    def rules(before: SignedBundle | None, comment: str, day: date) -> SignedBundle:
        files = files_of(BOOK) | {"obligations": files_of(BOOK)["obligations"] + comment}
        of = bundle(RULES, HUB, rulebook=files, valid_from=day)
        return signed(next_of(before, rulebook=files, valid_from=day) if before else of)

    later = TODAY + timedelta(days=9)
    first = rules(None, "# first\n", TODAY)
    second = rules(first, "# second\n", later)
    found = listed(AGREED, first, second)

    def comment(documents: list[Listed], on: date) -> str:
        book = rulebook_on(documents, on)
        return files_of(book)["obligations"].split("# ")[-1].strip() if book else ""

    assert rulebook_on(found, TODAY - timedelta(days=1)) is None
    assert [comment(found, on) for on in (TODAY, later)] == ["first", "second"]
    assert comment(found, first.bundle.valid_until + timedelta(days=99)) == "second", "what its codes mean stays known"
    assert rulebook_on(listed(first, ended(first, HUB, later)), later) is None


def test_a_text_owes_what_the_rulebook_has_by_which_it_is_read_and_nothing_else():
    owing = TREATY + 'obligations = ["tell-the-ombudsman"]\n'
    with pytest.raises(Invalid, match="tell-the-ombudsman is no obligation of the rulebook"):
        check_bundle(bundle(owing, XA, XB, XC), "hub", PARTIES, BOOK)
    files = files_of(BOOK)
    files["obligations"] += '\n[tell-the-ombudsman]\ntext = "Tell the ombudsman."\nsource = "Fictitious"\n'
    rules = bundle(RULES, HUB, rulebook=files)
    book = rulebook_of(rules)
    assert book is not None
    check_bundle(bundle(owing, XA, XB, XC), "hub", PARTIES, book)
    found = in_use(listed(signed(rules), signed(bundle(owing, XA, XB, XC))), TODAY)
    law = Law([], kept_rulebook(found.rulebook), published=found)
    assert decide(asked(), None, law, TODAY).obligations == ("tell-the-ombudsman",)
    without = decide(asked(), None, Law([], BOOK, published=found), TODAY)
    assert "no obligation of the rulebook" in reason(without), "once the rulebook has it no longer, it is not known"


# -- again, from the journal -------------------------------------------------------------------------------------------


def again(decision: Decision, documents: list[SignedLaw], found: list[Listed], on: date, *pair: str) -> list[str]:
    law = Law([], published=in_use(found, on))
    gaps = without_documents(law.texts.slice(*pair).gaps)
    taken = Taken(request=asked(*pair), on=on, engine="test", decision=decision, gaps=gaps)
    on_file = {one.digest: one for one in documents}
    book = shipped_rulebook()
    return list(differences(decision, replay(taken, {book.digest: book.text}, on_file)))


@pytest.mark.parametrize("pair", [("XA", "XB"), ("XA", "XC"), ("XC", "XB")])
@pytest.mark.parametrize("on", [TODAY, TODAY + timedelta(days=40), TODAY + timedelta(days=400)])
def test_a_decision_comes_out_the_same_from_the_documents_it_names(pair: tuple[str, str], on: date):
    first = signed(AGREED.bundle, "aldova", "bergenia")
    documents: list[SignedLaw] = [first, LAW_OF_B, AGREED, ended(AGREED, XC, TODAY + timedelta(days=30))]
    found = listed(*documents)
    assert again(decided(found, *pair, on=on), documents, found, on, *pair) == []


def test_a_refusal_for_want_of_a_document_comes_out_the_same():
    lost = {"layer": Layer.NATIONAL_LAW, "signatories": (XB,)}
    found = listed(AGREED, None, fault="damaged.", **lost)
    assert again(decided(found), [AGREED], found, TODAY, "XA", "XB") == []
    later = of_document(AGREED, (), TODAY)
    assert later.filed, "what came since changes nothing in it"
