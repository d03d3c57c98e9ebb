"""The console's settings: what would let somebody in from outside, or unseen, is refused as the node starts."""

import pytest

from comity.domain.errors import Invalid
from comity.nodes.settings import ConsoleSettings

DEMO = {"plain": True, "demo_sign_in": True, "address": "http://localhost:7704"}
PROXIED = {"plain": True, "address": "https://console.police.example"}


@pytest.mark.parametrize(
    "chosen", [{}, DEMO, PROXIED, {"host": "192.0.2.7", "address": "https://console.example:7704"}]
)
def test_what_is_safe_is_taken(chosen: dict):
    assert ConsoleSettings(**chosen)


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"address": "https://console.example/"}, "address"),
        ({"address": "https://Console.example"}, "address"),
        ({"address": "https://console.example:443"}, "address"),
        ({"address": "console.example"}, "address"),
        ({"address": "http://console.example"}, "address"),
        ({"tls_certificate": "console.crt"}, "console"),
        ({**PROXIED, "host": "192.0.2.7"}, "plain"),
        ({"plain": True, "address": "http://console.example"}, "plain"),
        ({**PROXIED, "demo_sign_in": True}, "demo_sign_in"),
        ({"demo_sign_in": True}, "demo_sign_in"),
    ],
)
def test_what_is_not_is_refused(chosen: dict, where: str):
    with pytest.raises(Invalid) as refused:
        ConsoleSettings(**chosen)
    assert where in refused.value.where
