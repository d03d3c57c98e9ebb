"""The settings of a node as its administrators read them: what differs from the default, and no secret."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import make_url

from comity.domain.upkeep import Section, SettingTold
from comity.nodes.settings import Settings


def told(settings: Settings) -> list[Section]:
    """Every key. Secrets are paths here, but for the password in an address of a database: that is left out."""
    return [
        _section(name, part)
        for name, part in ((one, getattr(settings, one)) for one in settings.__struct_fields__)
        if part is not None  # a door that is not open has none
    ]


def _section(name: str, part: Struct) -> Section:
    return Section(name=name, meaning=" ".join((type(part).__doc__ or "").split()), settings=tuple(_told(name, part)))


def _told(section: str, part: Struct) -> Iterator[SettingTold]:
    defaults = {field.name: field.default for field in msgspec.structs.fields(part)}
    for name in part.__struct_fields__:
        value = getattr(part, name)
        key = f"{section}.{name}"
        # Falls without it: tests/nodes/test_told_settings.py
        shown = _without_password(value) if key == "database.url" and value else value
        yield SettingTold(key=key, value=_text(shown), is_default=value == defaults[name])


def _without_password(url: str) -> str:
    """What follows the name may hold one too."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
