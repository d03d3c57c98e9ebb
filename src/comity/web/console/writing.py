"""How values are written for a reader: dates, deadlines, countries, numbers, words of vocabularies."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape
from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country_name, country_of_issuer
from comity.domain.country_codes import FICTITIOUS
from comity.domain.errors import Invalid
from comity.domain.session import Language
from comity.web.console.translation import locale, translations
from comity.web.console.words import said

STEPS_OF_BYTES = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))
INVENTED = frozenset(two for two, _, _ in FICTITIOUS)

DAY = "d MMM y"  # the month as a word: in numbers it is read in two ways, and from two sides


class Left(Struct, frozen=True):
    """What is left of a time limit, in words; `urgency` as the stylesheet knows it."""

    text: str
    urgency: str = ""


class Writing:
    """The filters of the templates, for one language."""

    def __init__(self, language: Language) -> None:
        self.locale = locale(language)
        self.say = translations(language).gettext

    def filters(self) -> dict[str, object]:
        names = ("when", "day", "left", "country_name", "number", "bytes", "word", "listed", "options")
        return {name: getattr(self, name) for name in names}

    def when(self, at: datetime | None) -> Markup:
        """Day and time in UTC, as people write them and as machines read them; nothing where there is none."""
        if at is None:
            return Markup("")
        utc = at.astimezone(UTC)
        shown = f"{format_date(utc.date(), DAY, self.locale)} {format_time(utc, 'HH:mm', locale=self.locale)} UTC"
        return Markup('<time datetime="{}" class="nowrap">{}</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", shown)

    def day(self, day: date | None) -> Markup:
        if day is None:
            return Markup("")
        shown = format_date(day, DAY, self.locale)
        return Markup('<time datetime="{}" class="nowrap">{}</time>').format(f"{day:%Y-%m-%d}", shown)

    def left(self, deadline: datetime, now: datetime) -> Left:
        """How long until a deadline; or for how long it has been over."""
        open_for = deadline - now
        if open_for <= timedelta():
            return Left(self.say("overdue by %(time)s") % {"time": self._span(-open_for)}, "over")
        soon = open_for <= timedelta(seconds=limits.CLOCK_SHOWN_AS_SOON_SECONDS)
        return Left(self.say("%(time)s left") % {"time": self._span(open_for)}, "soon" if soon else "")

    def _span(self, span: timedelta) -> str:
        return format_timedelta(span, granularity="minute", threshold=2, locale=self.locale)

    def country_name(self, code: str) -> Markup:
        """Of two or three letters; what is no code is shown as it stands."""
        return Markup("<bdi>{}</bdi>").format(self._country(code))

    def _country(self, code: str) -> str:
        try:
            two = country_of_issuer(code)
        except Invalid:
            return code
        # babel has other names for XA and XB: languages that are made up to try programs out
        of_babel = "" if two in INVENTED else self.locale.territories.get(two, "")
        return of_babel or self.say(country_name(two or code))

    def number(self, number: float) -> Markup:
        return Markup("<bdi>{}</bdi>").format(format_decimal(number, locale=self.locale))

    def bytes(self, size: int) -> Markup:
        """In steps of a thousand, such as 2.4 MB."""
        for step, unit in STEPS_OF_BYTES:
            if size >= step:
                shown = format_decimal(round(size / step, 1), locale=self.locale)
                return Markup("<bdi>{}\u00a0{}</bdi>").format(shown, unit)
        return Markup("<bdi>{}\u00a0B</bdi>").format(size)

    def word(self, value: StrEnum | str) -> str:
        """A vocabulary's value as people say it; a code without a word as it stands."""
        return self.say(said(value)) if value else ""

    def listed(self, things: Iterable[str]) -> Markup:
        """One after the other, as the language lists them; each in its own direction."""
        shown = [Markup("<bdi>{}</bdi>").format(self.message(one)) for one in things]
        places = [f"{{{number}}}" for number in range(len(shown))]
        return escape(format_list(places, "standard", self.locale)).format(*shown)

    def message(self, text: str) -> str:
        """For `_()`: a message, or a value of a vocabulary, by its word."""
        return self.word(text) if isinstance(text, StrEnum) else self.say(text) if text else ""

    def options(self, values: Iterable[StrEnum | str]) -> list[tuple[str, str]]:
        """Values of a vocabulary with their words, as a field to choose from has them."""
        return [(str(value), self.word(value)) for value in values]
