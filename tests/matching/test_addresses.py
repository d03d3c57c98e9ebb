"""Telephones, e-mail, accounts, cards and wallets: two spellings meet, a check digit tells and never mends."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.country import country
from comity.domain.country_codes import STATES
from comity.matching import accounts
from comity.matching.accounts import check_bic, check_card, check_iban, luhn, masked_card
from comity.matching.addresses import (
    AddressKind,
    check_address,
    check_email,
    check_phone,
    compare_address,
    email_skeleton,
    mailbox,
)
from comity.matching.calling_codes import CALLING_CODES, CODE_OF
from comity.matching.checks import Verdict
from comity.matching.keccak import SHA3_PADDING, keccak_256
from comity.matching.wallets import Chain, chains, check_wallet

# -- telephones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "dialled_in", "canonical"),
    [
        ("+49 (0)30 23125 000", "", "+493023125000"),
        ("030 / 23 125-000", "DE", "+493023125000"),
        ("0049 30 23125000", "FR", "+493023125000"),
        ("tel:+44-20-7946-0018", "", "+442079460018"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("٠٢٠٧٩٤٦٠٠١٨", "GB", "+442079460018"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("1-202-555-0123", "US", "+12025550123"),
        ("011 44 20 7946 0018", "US", "+442079460018"),
        ("8 (900) 000-00-00", "RU", "+79000000000"),
        ("06 0000 0000", "IT", "+390600000000"),
    ],
)
def test_a_telephone_number_is_one_however_it_is_dialled(written, dialled_in, canonical):
    found = check_phone(written, dialled_in)
    assert (found.canonical, found.verdict) == (canonical, Verdict.WELL_FORMED)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("030 23125000", "no-country"),
        ("+999 123456", "no-such-country-code"),
        ("+44 20 7946 0018 99999", "length"),
        ("+44 12", "length"),
        ("1-800-COMITY", "characters"),
        ("+44+20", "characters"),
        ("", "no-country"),
    ],
)
def test_what_is_no_telephone_number_says_why(written, reason):
    found = check_phone(written)
    assert (found.verdict, found.reasons) == (Verdict.MALFORMED, (reason,))


def test_an_extension_is_left_out_and_said():
    assert check_phone("020 7946 0018 ext. 12", "GB").reasons == ("extension-left-out",)


@given(text=st.text(max_size=40), dialled_in=st.sampled_from(["", "DE", "US", "RU", "XB"]))
def test_rubbish_is_answered_and_a_canonical_number_stays_as_it_is(text, dialled_in):
    found = check_phone(text, dialled_in)
    if found.verdict is Verdict.WELL_FORMED:
        assert check_phone(found.canonical).canonical == found.canonical


def test_no_calling_code_begins_another_and_every_state_has_one():
    assert not [
        (one, other) for one in CALLING_CODES for other in CALLING_CODES if one != other and other.startswith(one)
    ]
    assert sorted(two for two, _, _ in STATES if two not in CODE_OF) == ["UM"]
    assert all(country(two) for two in CODE_OF)


# -- e-mail -----------------------------------------------------------------------------------------------------------


def test_an_address_is_one_in_capital_and_small_letters():
    assert check_email(" <Ada@Example.ORG.> ").canonical == "ada@example.org"
    assert check_email("mailto:ada@bücher.example").canonical == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "wrong", ["ada", "ada@", "@example.org", "a@b", ".ada@example.org", "a..b@example.org", "a b@c.org"]
)
def test_what_is_no_address_is_malformed(wrong):
    assert check_email(wrong).verdict is Verdict.MALFORMED


def test_a_mailbox_follows_the_published_rules_of_its_provider_and_no_others():
    assert mailbox("a.d.a+news@googlemail.com") == mailbox("ada@gmail.com") == "ada@gmail.com"
    assert mailbox("ada+news@outlook.com") == "ada@outlook.com"
    assert mailbox("a.da@outlook.com") == "a.da@outlook.com"
    assert mailbox("a.da+news@example.org") == "a.da+news@example.org"


@given(text=st.text(max_size=60))
def test_a_canonical_address_stays_as_it_is(text):
    found = check_email(text)
    if found.verdict is Verdict.WELL_FORMED:
        assert check_email(found.canonical).canonical == found.canonical
        assert mailbox(mailbox(found.canonical)) == mailbox(found.canonical)


def test_addresses_that_are_drawn_alike_are_told_only_to_who_asks():
    cyrillic = "аdа@examp1e.org"
    assert email_skeleton(check_email(cyrillic).canonical) == email_skeleton("ada@example.org")
    line = compare_address(AddressKind.EMAIL, "ada@example.org", cyrillic, near=True)
    assert line.how == "look-alike"
    assert compare_address(AddressKind.EMAIL, "ada@example.org", cyrillic).how == "conflict"


# -- accounts and cards -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "iban", ["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "FR1420041010050500013M02606"]
)
def test_ibans_of_the_standard_pass(iban):
    assert check_iban(iban).passed
    assert check_iban(f"IBAN {iban.lower()}").passed


@given(place=st.integers(4, 21), digit=st.integers(1, 9))
def test_every_wrong_digit_of_an_iban_is_noticed_and_none_is_mended(place, digit):
    iban = "DE89370400440532013000"
    wrong = iban[:place] + str((int(iban[place]) + digit) % 10) + iban[place + 1 :]
    found = check_iban(wrong)
    assert (found.verdict, found.canonical) == (Verdict.FAILED, wrong)


def test_an_iban_needs_a_country_that_has_them_and_its_structure():
    assert check_iban("US89370400440532013000").reasons == ("country-without-iban",)
    assert check_iban("DE8937040044053201300X").reasons == ("structure-of-country",)
    assert check_iban("DE").reasons == ("form",)


def test_check_digits_beyond_the_rule_do_not_pass():
    """Adding 97 to them leaves the remainder, so that 01 stands beside 98: only one of the two is given."""
    account = next(text for text in (f"{number:018d}" for number in range(2000)) if check_iban(f"DE98{text}").passed)
    assert check_iban(f"DE01{account}").verdict is Verdict.FAILED


def test_structures_are_of_countries():
    assert all(country(code) for code in accounts._PATTERNS)
    assert all(re.fullmatch(r"(\d+[nac])+", form) for form in accounts._STRUCTURES[1::2])


def test_a_bic_names_its_head_office_in_one_way():
    assert check_bic("deutdeff xxx").canonical == check_bic("DEUTDEFF").canonical == "DEUTDEFF"
    assert check_bic("DEUTDEFF500").canonical == "DEUTDEFF500"
    assert check_bic("DEUTQQFF").reasons == ("country",)


@given(digits=st.text("0123456789", min_size=11, max_size=18), place=st.integers(0, 10), wrong=st.integers(1, 9))
def test_a_card_s_last_digit_finds_every_wrong_one(digits, place, wrong):
    card = digits + luhn(digits)
    assert check_card(card).passed
    misread = card[:place] + str((int(card[place]) + wrong) % 10) + card[place + 1 :]
    assert check_card(misread).verdict is Verdict.FAILED


def test_a_card_is_shown_without_its_middle():
    assert masked_card("4111 1111 1111 1111") == "411111******1111"


# -- wallets ----------------------------------------------------------------------------------------------------------

# Published examples of BIP 173, BIP 350, EIP-55, the CashAddr specification and the documentation of XRP.
WALLETS = {
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": Chain.BITCOIN,
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": Chain.BITCOIN,
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": Chain.BITCOIN,
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y": Chain.BITCOIN,
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed": Chain.ETHEREUM,
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359": Chain.ETHEREUM,
    "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a": Chain.BITCOIN_CASH,
    "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a": Chain.BITCOIN_CASH,
    "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh": Chain.XRP,
}


@pytest.mark.parametrize(("address", "chain"), WALLETS.items())
def test_published_addresses_pass(address, chain):
    assert check_wallet(address, chain).verdict is Verdict.PASSED
    assert chains(address) == (chain,)


@pytest.mark.parametrize(
    ("address", "chain"),
    [
        # BIP 350: version 0 by Bech32m, version 1 by Bech32, a length that no program has, mixed case.
        ("bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", Chain.BITCOIN),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", Chain.BITCOIN),
        ("bc1pw5dgrnzv", Chain.BITCOIN),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jJ0", Chain.BITCOIN),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", Chain.ETHEREUM),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA", Chain.ETHEREUM),
        ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTH", Chain.XRP),
        ("", Chain.BITCOIN),
        ("0OIl", Chain.BITCOIN),
    ],
)
def test_what_is_wrong_does_not_pass(address, chain):
    assert check_wallet(address, chain).verdict in (Verdict.FAILED, Verdict.MALFORMED)
    assert chain not in chains(address)


@given(account=st.binary(min_size=20, max_size=20), chain=st.sampled_from(sorted(Chain)), place=st.integers(1, 25))
def test_a_misread_sign_of_a_base58_address_is_noticed_and_not_mended(account, chain, place):
    if (version := VERSION_BYTES.get(chain)) is None:
        return
    address = base58check(version + account)
    assert check_wallet(address, chain).verdict is Verdict.PASSED
    assert chains(address) == (chain,)
    wrong = address[:place] + ("2" if address[place] != "2" else "3") + address[place + 1 :]
    found = check_wallet(wrong, chain)
    assert not found.passed
    assert found.canonical == wrong


VERSION_BYTES = {
    Chain.BITCOIN: b"\x00",
    Chain.LITECOIN: b"\x30",
    Chain.DOGECOIN: b"\x1e",
    Chain.DASH: b"\x4c",
    Chain.ZCASH: b"\x1c\xb8",
    Chain.TRON: b"\x41",
}


def base58check(payload):
    """By another way than the code under test: long division."""
    whole = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, text = int.from_bytes(whole, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[rest] + text
    return "1" * (len(whole) - len(whole.lstrip(b"\0"))) + text


def test_an_address_without_a_checksum_says_so():
    assert check_wallet("0x" + "ab" * 20, Chain.ETHEREUM).reasons == ("no-checksum-in-case",)
    assert check_wallet("1" * 32, Chain.SOLANA).reasons == ("no-checksum",)


@given(message=st.binary(max_size=400))
def test_the_permutation_is_that_of_sha3(message):
    assert keccak_256(message, SHA3_PADDING) == hashlib.sha3_256(message).digest()


def test_keccak_of_nothing_is_the_published_one():
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


# -- comparing --------------------------------------------------------------------------------------------------------


def test_two_spellings_of_one_account_agree_and_two_accounts_say_nothing():
    assert compare_address(AddressKind.IBAN, "gb82west12345698765432", "GB82 WEST 1234 5698 7654 32").how == "exact"
    other = compare_address(AddressKind.IBAN, "GB82WEST12345698765432", "DE89370400440532013000")
    assert (other.how, other.bits) == ("conflict", 0.0)
    assert compare_address(AddressKind.IBAN, "", "DE89370400440532013000") is None


@pytest.mark.parametrize("kind", AddressKind)
@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_agreement_never_counts_against(kind, one, other):
    line = compare_address(kind, one, other, near=True)
    assert line is None or line.bits >= 0
    same = compare_address(kind, one, one)
    assert same is None or same.bits > 0


@pytest.mark.parametrize("kind", AddressKind)
@given(text=st.text(max_size=60))
def test_every_text_is_answered(kind, text):
    assert check_address(kind, text).verdict in Verdict
