"""Which key wraps this node's secrets: a file on another medium, the environment, or one that lies beside them."""

from collections.abc import Mapping
from pathlib import Path

from comity.domain.errors import Invalid, Missing
from comity.keys.files import secret_file, wrapping_key_beside
from comity.keys.wrapping import WRAPPING_KEY_BYTES
from comity.wire.canonical import unb64u


def wrapping_key(folder: Path, file: str, variable: str, environment: Mapping[str, str]) -> bytes:
    """The 32 bytes of it; `folder` is that of the keys. Raises Missing, Invalid."""
    if file:
        return secret_file(Path(file))
    if not variable:
        return wrapping_key_beside(folder)
    if not (text := environment.get(variable)):
        raise Missing(f"The environment has no {variable}.", do="Start the node with the wrapping key in it.")
    try:
        key = unb64u(text)
    except Invalid:
        key = b""
    if len(key) != WRAPPING_KEY_BYTES:
        raise Invalid(f"{variable} holds no wrapping key.", do=f"Give {WRAPPING_KEY_BYTES} bytes in base64url.")
    return key
