"""Where a browser thinks it is: the origin of an address, and whether it is this very machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """As browsers write it (RFC 6454, section 6.2): without path and without the scheme's own port; '' for none."""
    try:
        split = urlsplit(address)
        port = split.port
    except ValueError:
        return ""
    if split.scheme not in PORTS or not split.hostname or split.username is not None:
        return ""
    host = f"[{split.hostname}]" if ":" in split.hostname else split.hostname
    return f"{split.scheme}://{host}" + (f":{port}" if port not in (None, PORTS[split.scheme]) else "")


def host_of(origin: str) -> str:
    """Without scheme and port."""
    return urlsplit(origin).hostname or ""


def authority_of(origin: str) -> str:
    """Host and port, as a browser writes them into the field Host."""
    return urlsplit(origin).netloc


def is_loopback(host: str) -> bool:
    """Whether only this machine can be meant."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
