"""A site: a place of a bureau from which its officers ask, known by the addresses of its network."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Annotated

from msgspec import Meta, Struct


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`latitude` and `longitude` in degrees; `networks` as in 10.20.0.0/16."""

    name: str
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    networks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for network in self.networks:
            ip_network(network)  # a ValueError names what is wrong with it


def site_of(address: str, sites: Iterable[Site]) -> str:
    """The name of the first site to whose networks the address belongs; empty where it belongs to none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    for site in sites:
        if any(found in ip_network(network) for network in site.networks):
            return site.name
    return ""
