"""A bad line in memory: so many bits a second, so long on the way, so many packets lost and sent again."""

import random
from collections.abc import Callable

from comity.domain.bureau import Member
from comity.testing.federation_line import LossyLine, silence
from comity.wire.http import Request, Response

PACKET_BYTES = 1_400
WINDOW_PACKETS = 4  # under way at once: what is left of TCP's window where a third is lost
HANDSHAKE_BYTES = 6_000  # TCP and TLS 1.3 with a certificate on both sides


class SlowLine(LossyLine):
    """Like a satellite telephone, once `pass_by` (seconds) is set; by it the time passes that carrying takes.

    The same `seed` loses the same packets.
    """

    def __init__(
        self, bits_per_second: float = 9_600, delay_seconds: float = 2.0, loss: float = 0.3, seed: int = 0
    ) -> None:
        super().__init__({})
        self.bits_per_second = bits_per_second
        self.delay_seconds = delay_seconds
        self.packet_loss = loss
        self.random = random.Random(seed)
        self.pass_by: Callable[[float], None] | None = None
        self.exchanged = 0  # bytes of requests and answers

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        """As every line. What does not come whole within its time is lost, there or on the way back."""
        if self.pass_by is None:
            return super().send(member, request, within_seconds, bytes_max)
        asked = _size(request.headers) + len(request.body)
        left = self._carry(member, HANDSHAKE_BYTES + asked, within_seconds)
        response = super().send(member, request, left, bytes_max)
        answered = _size(response.headers) + len(response.body)
        self._carry(member, answered, left)
        self.exchanged += asked + answered
        return response

    def _carry(self, member: Member, size_bytes: int, within_seconds: float) -> float:
        """The seconds that are left. Raises Unavailable where there were too few."""
        assert self.pass_by is not None
        needed = self._seconds(size_bytes)
        self.pass_by(min(needed, within_seconds))
        if needed > within_seconds:
            raise silence(member)
        return within_seconds - needed

    def _seconds(self, size_bytes: int) -> float:
        """Round after round, as much as the window allows; what was lost is sent again in the next."""
        packets, seconds = size_bytes // PACKET_BYTES + 1, 0.0
        while packets:
            sent = min(packets, WINDOW_PACKETS)
            packets -= sum(self.random.random() >= self.packet_loss for _ in range(sent))
            seconds += max(2 * self.delay_seconds, sent * PACKET_BYTES * 8 / self.bits_per_second)
        return seconds


def _size(headers: object) -> int:
    return len(str(headers))
