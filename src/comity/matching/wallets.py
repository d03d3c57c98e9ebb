"""Addresses of crypto assets: which chain they can be of, and whether their own checksum holds. Never mended.

Verified: Bitcoin, Litecoin, Dogecoin, Dash, Zcash (transparent), Tron and XRP by Base58Check; Bitcoin and Litecoin by
Bech32 and Bech32m; Bitcoin Cash by its CashAddr; Ethereum and chains like it by EIP-55. Solana's have no checksum.
Not read: Monero, Cardano, TON, Polkadot, shielded Zcash, names of ENS and the like.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from comity.matching.checks import Checked, Verdict, checked, malformed
from comity.matching.keccak import keccak_256


class Chain(StrEnum):
    BITCOIN = "bitcoin"
    BITCOIN_CASH = "bitcoin-cash"
    LITECOIN = "litecoin"
    DOGECOIN = "dogecoin"
    DASH = "dash"
    ZCASH = "zcash"
    ETHEREUM = "ethereum"  # and every chain with the same addresses
    TRON = "tron"
    XRP = "xrp"
    SOLANA = "solana"


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_OF_XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_CHECKSUM_BYTES = 4
_WALLET_CHARS_MAX = 128
# Version bytes before the digest of a key or script. 0x05 is Bitcoin's; Litecoin used it too until 2017.
_VERSIONS: dict[Chain, tuple[bytes, ...]] = {
    Chain.BITCOIN: (b"\x00", b"\x05"),
    Chain.LITECOIN: (b"\x30", b"\x32", b"\x05"),
    Chain.DOGECOIN: (b"\x1e", b"\x16"),
    Chain.DASH: (b"\x4c", b"\x10"),
    Chain.ZCASH: (b"\x1c\xb8", b"\x1c\xbd"),
    Chain.TRON: (b"\x41",),
    Chain.XRP: (b"\x00",),
}
_DIGEST_BYTES = 20
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_PREFIXES = {Chain.BITCOIN: "bc", Chain.LITECOIN: "ltc"}
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3  # BIP 173, BIP 350


def check_wallet(text: str, chain: Chain) -> Checked:
    """An address on one chain. Malformed: it cannot be of that chain; failed: it was misread."""
    address = text.strip()
    if not address.isascii() or not 0 < len(address) <= _WALLET_CHARS_MAX:
        return malformed(address, "characters")
    match chain:
        case Chain.ETHEREUM:
            return _ethereum(address)
        case Chain.BITCOIN_CASH:
            return _cash(address)
        case Chain.SOLANA:
            return _solana(address)
    prefix = _BECH32_PREFIXES.get(chain)
    if prefix and address.lower().startswith(f"{prefix}1"):
        return _segwit(address, prefix)
    return _base58check(address, chain)


def chains(text: str) -> tuple[Chain, ...]:
    """Every chain of which the text can be an address, by a checksum that holds first, then by form alone."""
    found = {chain: check_wallet(text, chain).verdict for chain in Chain}
    passed = [chain for chain, verdict in found.items() if verdict is Verdict.PASSED]
    formed = [chain for chain, verdict in found.items() if verdict is Verdict.WELL_FORMED]
    return tuple(passed or formed)


def _base58check(address: str, chain: Chain) -> Checked:
    alphabet = _BASE58_OF_XRP if chain is Chain.XRP else _BASE58
    content = _from_base58(address, alphabet)
    if content is None:
        return malformed(address, "characters")
    payload, checksum = content[:-_CHECKSUM_BYTES], content[-_CHECKSUM_BYTES:]
    if not any(len(payload) == len(version) + _DIGEST_BYTES for version in _VERSIONS[chain]):
        return malformed(address, "length")
    if not payload.startswith(_VERSIONS[chain]):
        return malformed(address, "chain")
    digest = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    return checked(address, digest[:_CHECKSUM_BYTES] == checksum, "checksum")


def _from_base58(text: str, alphabet: str) -> bytes | None:
    number = 0
    for sign in text:
        if (value := alphabet.find(sign)) < 0:
            return None
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _solana(address: str) -> Checked:
    """A public key of 32 bytes; nothing in it tells a misread sign."""
    content = _from_base58(address, _BASE58)
    if content is None or len(content) != 32:
        return malformed(address, "length" if content else "characters")
    return Checked(address, Verdict.WELL_FORMED, ("no-checksum",))


def _segwit(address: str, prefix: str) -> Checked:
    """BIP 173 and 350: small or capital letters, not both; version 0 by Bech32, later ones by Bech32m."""
    if address not in (address.lower(), address.upper()):
        return malformed(address, "mixed-case")
    canonical = address.lower()
    values = [_BECH32.find(sign) for sign in canonical[len(prefix) + 1 :]]
    if min(values, default=-1) < 0 or len(canonical) > 90 or len(values) < 7:
        return malformed(canonical, "characters")
    expanded = [*(ord(sign) >> 5 for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix)]
    constant = _BECH32M_CONSTANT if values[0] else _BECH32_CONSTANT
    if _polymod([*expanded, *values]) != constant:
        return checked(canonical, False, "checksum")
    program = _bytes_of(values[1:-6])
    sizes = (20, 32) if values[0] == 0 else range(2, 41)
    if values[0] > 16 or program is None or len(program) not in sizes:
        return malformed(canonical, "program")
    return checked(canonical, True)


def _polymod(values: Iterable[int]) -> int:
    """BIP 173."""
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= generator if (top >> place) & 1 else 0
    return checksum


def _bytes_of(fives: list[int]) -> bytes | None:
    """Groups of five bits as bytes; None where what is left over is not empty."""
    bits = "".join(f"{five:05b}" for five in fives)
    whole, rest = bits[: len(bits) // 8 * 8], bits[len(bits) // 8 * 8 :]
    if len(rest) > 4 or "1" in rest:
        return None
    return bytes(int(whole[place : place + 8], 2) for place in range(0, len(whole), 8))


def _cash(address: str) -> Checked:
    """CashAddr: with or without its prefix, in one case; the checksum covers the prefix."""
    if address not in (address.lower(), address.upper()):
        return malformed(address, "mixed-case")
    bare = address.lower().removeprefix("bitcoincash:")
    values = [_BECH32.find(sign) for sign in bare]
    if min(values, default=-1) < 0:
        return malformed(bare, "characters")
    if len(values) != 42:
        return malformed(bare, "length")
    prefix = [ord(sign) & 31 for sign in "bitcoincash"]
    return checked(f"bitcoincash:{bare}", _cash_polymod([*prefix, 0, *values]) == 0, "checksum")


def _cash_polymod(values: Iterable[int]) -> int:
    checksum = 1
    generators = (0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8, 0x1E4F43E470)
    for value in values:
        top = checksum >> 35
        checksum = (checksum & 0x07FFFFFFFF) << 5 ^ value
        for place, generator in enumerate(generators):
            checksum ^= generator if (top >> place) & 1 else 0
    return checksum ^ 1


def _ethereum(address: str) -> Checked:
    """EIP-55: the case of the letters is the checksum; where all are small or all capital there is none."""
    digits = address[2:]
    if address[:2] not in ("0x", "0X") or len(digits) != 40 or not all(sign in _HEXADECIMAL for sign in digits):
        return malformed(address, "form")
    small = digits.lower()
    if digits in (small, digits.upper()):
        return Checked(f"0x{small}", Verdict.WELL_FORMED, ("no-checksum-in-case",))
    digest = keccak_256(small.encode()).hex()
    capital = [sign.upper() if int(mark, 16) >= 8 else sign for sign, mark in zip(small, digest, strict=False)]
    return checked(f"0x{small}", "".join(capital) == digits, "checksum")


_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
