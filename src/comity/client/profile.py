"""Where a client connects and with what: one small file that only its owner may read."""

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from comity.domain.errors import Invalid, Missing


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`trust` is the node's certificate (PEM), beside the profile where the path is relative."""

    url: str
    token: str
    trust: str = ""


def read_profile(file: Path) -> Profile:
    """The profile in a TOML file. Raises Missing, and Invalid where it is not one or others may read its token."""
    try:
        if file.stat().st_mode & 0o077:
            raise Invalid(f"Others may read {file}, which holds a token.", do=f"Run chmod 600 {file}.")
        profile = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Profile)
    except FileNotFoundError:
        raise Missing(f"There is no profile {file}.", do="Write url, token and trust into it.") from None
    except (msgspec.ValidationError, tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise Invalid(f"{file} is no profile: {wrong}.", do="It has url, token and, if need be, trust.") from None
    trust = str(file.parent / profile.trust) if profile.trust else ""
    return msgspec.structs.replace(profile, trust=trust)
