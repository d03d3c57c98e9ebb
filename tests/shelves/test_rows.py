"""Rows are written without touching those that refer to them."""

from pathlib import Path

from sqlalchemy import create_engine, event

from comity.storage.columns import metadata
from comity.storage.records import holdings
from comity.storage.rows import put_row


def test_a_row_that_stands_keeps_its_key_untouched(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'rows.sqlite3'}")
    metadata.create_all(engine, [holdings])
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: said.append(str(told[2])))
    row = {"number": 1, "kind": "document", "collection": "sltd", "source": "bergenia", "country": "XB", "records": 1}
    with engine.begin() as connection:
        put_row(connection, holdings, row)
        put_row(connection, holdings, {**row, "records": 2})
        assert connection.execute(holdings.select()).one().records == 2
    changes = [set_ for _, _, set_ in (text.partition("DO UPDATE SET") for text in said) if set_]
    assert changes
    assert not [text for text in changes if "number" in text]
    engine.dispose()
