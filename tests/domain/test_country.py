"""Codes of countries and issuers: every printed form of one issuer leads to the same documents."""

import pytest

from comity.domain.country import country, issuer
from comity.domain.errors import Invalid


@pytest.mark.parametrize(
    ("printed", "code"),
    [("D", "DEU"), ("D<<", "DEU"), ("de", "DEU"), ("XKX", "RKS"), ("XXK", "RKS"), ("XK", "RKS"), ("XBE", "XBE")],
)
def test_an_issuer_has_one_code(printed: str, code: str):
    assert issuer(printed) == code


@pytest.mark.parametrize("unknown", ["", "QQQ", "Q", "12"])
def test_an_unknown_code_is_refused_with_what_to_do(unknown: str):
    with pytest.raises(Invalid, match="letters"):
        issuer(unknown)
    with pytest.raises(Invalid, match="letters"):
        country(unknown)
