"""One SQL text for each statement in a whole run: every database of a test would otherwise write all of them anew.

The engines of SQLite share one dialect and its texts here. A node's own engines do not: they live for months, and
what they share with each other is not worth a private name of SQLAlchemy.
"""

from collections.abc import Sequence

from sqlalchemy import URL, Engine
from sqlalchemy.util import LRUCache

from comity.storage import engines

_STATEMENTS_MAX = 3000
_first: list[Engine] = []
_alone = engines._engine


def _together(url: URL, connections: int, beginning: Sequence[str], settings: Sequence[str] = ()) -> Engine:
    engine = _alone(url, connections, beginning, settings)
    if not engines.is_sqlite(url):
        return engine
    if not _first:
        with engine.connect():  # from now on its dialect knows the library
            pass
        engine._compiled_cache = LRUCache(_STATEMENTS_MAX)
        _first.append(engine)
    engine.dialect = engine.pool._dialect = _first[0].dialect  # type: ignore[misc]
    engine._compiled_cache = _first[0]._compiled_cache
    return engine


def write_once() -> None:
    engines._engine = _together
