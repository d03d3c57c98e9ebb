"""Which key wraps this node's secrets: a file on another medium, the environment, or one that lies beside them."""

from collections.abc import Mapping
from pathlib import Path

from comity.domain.errors import Invalid, Missing
from comity.keys.files import secret_file, wrapping_key_beside
from comity.keys.wrapping import WrappingKey
from comity.wire.canonical import unb64u


def wrapping(folder: Path, file: str, variable: str, environment: Mapping[str, str]) -> WrappingKey:
    """`folder` is that of the keys. Raises Missing, Invalid."""
    if file:
        return WrappingKey(secret_file(Path(file)))
    if not variable:
        return WrappingKey(wrapping_key_beside(folder))
    if not (text := environment.get(variable)):
        raise Missing(f"The environment has no {variable}.", do="Start the node with the wrapping key in it.")
    try:
        return WrappingKey(unb64u(text))
    except Invalid as wrong:
        raise Invalid(f"{variable} holds no wrapping key: {wrong.what}", do="Give 32 bytes in base64url.") from None
