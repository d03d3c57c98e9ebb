"""Keccak-256 as Ethereum uses it: only to verify the checksum in an address; nothing is kept secret by it.

SHA-3 as standardised (FIPS 202) differs in one byte of padding, and the standard library has only that. The tests
compare this permutation with it: with the other padding it gives SHA3-256.
"""

_LANES = 25
_WORD = (1 << 64) - 1
_RATE_BYTES = 136  # of a digest of 256 bits
KECCAK_PADDING = 0x01
SHA3_PADDING = 0x06


def _round_constants() -> tuple[int, ...]:
    """FIPS 202, section 3.2.5: bits of a shift register."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


def _offsets_and_places() -> tuple[tuple[int, int, int], ...]:
    """Where each lane goes and how far it turns: (from, to, bits). FIPS 202, sections 3.2.2 and 3.2.3."""
    moves = [(0, 0, 0)]
    x, y = 1, 0
    for step in range(24):
        moves.append((x + 5 * y, y + 5 * ((2 * x + 3 * y) % 5), (step + 1) * (step + 2) // 2 % 64))
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(moves)


_CONSTANTS = _round_constants()
_MOVES = _offsets_and_places()


def keccak_256(message: bytes, padding: int = KECCAK_PADDING) -> bytes:
    """The digest, 32 bytes."""
    padded = bytearray(message + b"\0" * (_RATE_BYTES - len(message) % _RATE_BYTES))
    padded[len(message)] ^= padding
    padded[-1] ^= 0x80
    lanes = [0] * _LANES
    for start in range(0, len(padded), _RATE_BYTES):
        for place in range(_RATE_BYTES // 8):
            lanes[place] ^= int.from_bytes(padded[start + 8 * place : start + 8 * place + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permute(lanes: list[int]) -> None:
    for constant in _CONSTANTS:
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        for x in range(5):
            mixed = columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1)
            for place in range(x, _LANES, 5):
                lanes[place] ^= mixed
        moved = [0] * _LANES
        for origin, target, bits in _MOVES:
            moved[target] = _turned(lanes[origin], bits)
        for row in range(0, _LANES, 5):
            for x in range(5):
                lanes[row + x] = moved[row + x] ^ (~moved[row + (x + 1) % 5] & moved[row + (x + 2) % 5])
        lanes[0] ^= constant


def _turned(lane: int, bits: int) -> int:
    return ((lane << bits) | (lane >> (64 - bits))) & _WORD
