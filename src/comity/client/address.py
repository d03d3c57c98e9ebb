"""What may stand in the path of a request."""

from comity.domain.errors import Invalid


def id_in_path(text: str) -> str:
    """An id as it may stand there. Raises Invalid: anything else could name another address."""
    if not (text.isascii() and text.replace("-", "").isalnum()):
        raise Invalid(f"{text!r} is no id.", do="Take it from an answer or from a list.")
    return text
