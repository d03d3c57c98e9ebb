"""Codes as lines in every language, as the officers' door tells them."""

from msgspec import Struct

from comity.formats.catalogue import CatalogueLanguage


class Words(Struct, frozen=True, kw_only=True):
    """What is in codes, as lines by language; free text stays in its own."""

    words: dict[CatalogueLanguage, list[str]]
