"""All that a node acts under, before it is compiled: so that a change of it can be tried out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from comity.domain.instrument import Instrument
from comity.law.decision import Law
from comity.law.published import NOTHING_PUBLISHED, Published
from comity.law.rulebook import Rulebook

Text = tuple[Instrument, str]


@dataclass(frozen=True)
class Acted:
    """Texts that nobody signed, each with its digest; the rulebook; what is published, with what may not be used."""

    by_hand: tuple[Text, ...]
    book: Rulebook
    published: Published = NOTHING_PUBLISHED

    @property
    def law(self) -> Law:
        return Law(self.by_hand, self.book, published=self.published)

    @property
    def instruments(self) -> list[Instrument]:
        return [*(one for one, _ in self.by_hand), *(one.instrument for one in self.published.filed)]

    @property
    def ids(self) -> list[str]:
        """Also those of what is published and may not be used."""
        gaps = (gap.name.removeprefix("bundle ") for gap in self.published.gaps)
        return list(dict.fromkeys((*(one.id for one in self.instruments), *gaps)))

    def changed(self, added: Sequence[Text], removed: Collection[str]) -> "Acted":
        """The same after a change: as though each added text were signed by all its parties, in the place of its id."""
        gone = {*removed, *(one.id for one, _ in added)}
        published = replace(
            self.published,
            filed=tuple(one for one in self.published.filed if one.instrument.id not in gone),
            gaps=tuple(gap for gap in self.published.gaps if gap.name.removeprefix("bundle ") not in gone),
        )
        kept = (one for one in self.by_hand if one[0].id not in gone)
        return replace(self, by_hand=(*kept, *added), published=published)
