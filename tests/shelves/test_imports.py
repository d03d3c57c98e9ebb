"""The shelf of imports: where a file stands, and which rows were refused."""

from msgspec.structs import replace

from comity.domain.importing import Import, RefusedRow
from comity.storage.database import Database
from tests.shelves.samples import NOW

BEGUN = Import(
    id="import-1", file_digest="ab", file_name="stolen.csv", collection="sltd", source="bergenia", started_at=NOW
)


def test_an_import_stands_where_its_last_batch_left_it(store: Database):
    with store.transaction() as tx:
        assert tx.imports.get("import-1") is None
        for progress in (BEGUN, replace(BEGUN, next_line=5_001, stored=4_999, refused=1, finished_at=NOW)):
            tx.imports.put(progress)
            assert tx.imports.get("import-1") == progress


def test_refused_rows_are_told_in_order_batch_after_batch(store: Database):
    batches = [
        [RefusedRow(line=3, reason="There is no date '2031-02-30'."), RefusedRow(line=3, reason="And no country ZZ.")],
        [],
        [RefusedRow(line=5_007, reason="The record lacks number.")],
    ]
    with store.transaction() as tx:
        tx.imports.put(BEGUN)
        for batch in batches:
            tx.imports.refuse("import-1", batch)
        assert tx.imports.refused("import-1") == [row for batch in batches for row in batch]
        assert tx.imports.refused("import-2") == []
