"""What comes in as JSON, read strictly: an unknown field, a wrong code or type is refused by its name."""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeVar, get_args

import msgspec
from msgspec import Struct

from comity.domain.errors import Invalid
from comity.web.refusals import WrongContentType
from comity.wire.http import Request

B = TypeVar("B", bound=Struct)

JSON = re.compile(r'application/json(\s*;\s*charset="?utf-8"?)?', re.IGNORECASE)
FIELD_AT = re.compile(r" - at `\$\.(?P<field>\w+)[^`]*`")
FIELD_NAMED = re.compile(r"field `(?P<field>[^`]*)`")


def read(request: Request, kind: type[B]) -> B:
    """The body as this struct. Raises Invalid with the field, WrongContentType."""
    if not JSON.fullmatch(request.headers.get("content-type", "").strip()):
        raise WrongContentType(
            "The body is not said to be JSON.", where="content-type", do="Send content-type: application/json."
        )
    if request.headers.get("content-encoding", "identity") != "identity":
        # What unpacks to a thousand times its size would pass every limit.
        raise WrongContentType("A packed body is not read.", where="content-encoding", do="Send it as it is.")
    try:
        return msgspec.json.decode(request.body, type=kind)
    except msgspec.ValidationError as wrong:
        raise _refusal(wrong, kind) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("The body is not JSON.", where="body", do="Send one JSON object in UTF-8.") from None


def made(kind: type[B], told: dict[str, object]) -> B:
    """What header fields say, as this struct. Raises Invalid with the field."""
    try:
        return msgspec.convert(told, type=kind)
    except msgspec.ValidationError as wrong:
        raise _refusal(wrong, kind) from None


def no_body(request: Request) -> None:
    """Raises Invalid where there is one: it would be dropped without a word."""
    if request.body:
        raise Invalid("This address takes no body.", where="body", do="Send none.")


def check(field: str, check_value: Callable[[str], object], value: str) -> None:
    """Apply a check to a field that may be empty. Raises its Invalid with the field's name."""
    if not value:
        return
    try:
        check_value(value)
    except Invalid as wrong:
        raise Invalid(wrong.what, where=field, do=wrong.do) from None


def _refusal(wrong: msgspec.ValidationError, kind: type[Struct]) -> Invalid:
    if isinstance(wrong.__cause__, Invalid):
        return wrong.__cause__
    message = str(wrong)
    at, named = FIELD_AT.search(message), FIELD_NAMED.search(message)
    field = at["field"] if at else named["field"] if named else "body"
    what = FIELD_AT.sub("", message).rstrip(".") + "."
    if "unknown field" in message:
        return Invalid(what, where=field, do=f"Use {', '.join(kind.__struct_fields__)}.")
    allowed = ", ".join(_allowed(kind, field))
    return Invalid(what, where=field, do=f"Use {allowed}." if allowed else "Correct this field.")


def _allowed(kind: type[Struct], field: str) -> Iterator[str]:
    """The codes that a field may have, where it has a list of them."""
    for one in msgspec.structs.fields(kind):
        if one.encode_name == field:
            for option in (one.type, *get_args(one.type)):
                if isinstance(option, type) and issubclass(option, Enum):
                    yield from (str(code.value) for code in option)
