"""What an officer may state with any lookup: the offence, and what else an agreement may ask about."""

import inspect
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from msgspec import Struct

from comity.domain.circumstances import Harm, Nature, StatedOffence
from comity.domain.country import country
from comity.domain.errors import Invalid
from comity.domain.hit import Priority
from comity.domain.offence import known_offence
from comity.domain.stated import GivenAssurance, Stated

T = TypeVar("T")


class Said(Struct, frozen=True, kw_only=True):
    """What was stated with one lookup; None where nothing was."""

    offence: StatedOffence | None = None
    stated: Stated | None = None


def _options(
    offence: Annotated[str, typer.Option(help="Code of the offence investigated: some agreements ask for it.")] = "",
    penalty_months: Annotated[
        int | None, typer.Option(help="Most that the offence may be punished with, in months.", min=0)
    ] = None,
    sentence_months: Annotated[int | None, typer.Option(help="Sentenced to, or left to serve.", min=0)] = None,
    punishable_in: Annotated[list[str] | None, typer.Option(help="A country where it is an offence.")] = None,
    death_penalty: Annotated[
        bool | None,
        typer.Option(
            "--death-penalty/--no-death-penalty", help="Whether death may follow where you ask; not known if not said."
        ),
    ] = None,
    nature: Annotated[list[Nature] | None, typer.Option(help="Of which nature it is, if of any.")] = None,
    priority: Annotated[Priority | None, typer.Option(help="How urgent it is.")] = None,
    language: Annotated[str, typer.Option(help="In which language you ask (ISO 639).")] = "",
    necessity: Annotated[str, typer.Option(help="Why it is strictly necessary; it is journalled.")] = "",
    assurance: Annotated[
        list[str] | None,
        typer.Option(
            help="Your bureau's word against a harm, with its reference and last day.",
            metavar="HARM,REFERENCE,YYYY-MM-DD",
        ),
    ] = None,
) -> Said:
    """The options as every lookup has them, and what they say together. Raises Invalid."""
    stated = _built(
        Stated,
        priority=priority,
        language=language,
        necessity=necessity,
        assurances=tuple(_assurance(one) for one in assurance or ()),
    )
    told = {
        "penalty_max_months": penalty_months,
        "sentence_months": sentence_months,
        "punishable_in": tuple(country(one) for one in punishable_in or ()),
        "natures": tuple(nature or ()),
        "death_penalty": death_penalty,
    }
    return Said(offence=_offence(offence, told), stated=stated if stated != Stated() else None)


def stating(command: Callable[..., None]) -> Callable[..., None]:
    """The command with these options beside its own; it gets what they say as `said`."""
    own = [one for one in inspect.signature(command).parameters.values() if one.name != "said"]
    added = list(inspect.signature(_options).parameters.values())

    @wraps(command)
    def with_options(**given: Any) -> None:
        said = _options(**{one.name: given.pop(one.name) for one in added})
        command(**given, said=said)

    signature = inspect.Signature([_named(one) for one in (*own, *added)])
    with_options.__signature__ = signature  # type: ignore[attr-defined]
    with_options.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
    return with_options


def _named(parameter: inspect.Parameter) -> inspect.Parameter:
    """So that those without a default may stand after those with one."""
    return parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _offence(code: str, told: dict[str, Any]) -> StatedOffence | None:
    if code:
        return _built(StatedOffence, code=known_offence(code, "--offence"), **told)
    if any(value not in (None, ()) for value in told.values()):
        raise Invalid("The offence is not named.", where="--offence", do="Name it, or leave its penalty out.")
    return None


def _assurance(text: str) -> GivenAssurance:
    """`death-penalty,MOJ-7/2031,2031-12-31`."""
    against, _, rest = text.partition(",")
    reference, _, until = rest.rpartition(",")
    try:
        harm, day = Harm(against.strip()), date.fromisoformat(until.strip())
    except ValueError:
        raise Invalid(
            f"{text!r} is no assurance.",
            where="--assurance",
            do=f"Write HARM,REFERENCE,YYYY-MM-DD with one of {', '.join(Harm)}.",
        ) from None
    return _built(GivenAssurance, against=harm, reference=reference.strip(), until=day)


def _built(kind: type[T], **fields: Any) -> T:
    """Checked as what comes from elsewhere is; its words for what is wrong become a refusal."""
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as wrong:
        raise Invalid(str(wrong), do="See --help.") from None
