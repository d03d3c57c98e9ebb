"""Splink compares persons in bulk on our forms and keys, on DuckDB here or on Spark. Loaded when a run begins."""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import log2
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from comity.analysis.linkage import Computing, Engine, Pair, Resolution
from comity.analysis.linkage_model import FIELDS, LEARNED_FROM, comparisons, how, made_sound, version
from comity.analysis.linkage_rows import Rows
from comity.analysis.person_forms import PersonForms
from comity.domain import limits
from comity.domain.match import FieldMatch, Match

FOUND_BY_SURE_SIGNS = 0.6  # of all pairs of one person, so many agree in a document, or in name and birth
LOTS_SEED = 7  # the same persons give the same model
SAMPLED_PAIRS_MAX = 2_000_000
MOST_PROBABLE = "select * from {this} order by match_weight desc, unique_id_l, unique_id_r limit "

# It tells of its progress, and of values that it did not meet, on the root of all logs.
logging.getLogger("splink").addHandler(logging.NullHandler())
logging.getLogger("splink").propagate = False


def resolve(persons: Iterable[PersonForms], report_from: float, computing: Computing) -> Resolution:
    """Reads all persons, learns the weights where there are enough, and scores every two that share a key."""
    rows = Rows(persons)
    if rows.persons < 2:
        return Resolution((), rows.persons, "none", learned=False, common_keys=0)
    with _database(computing) as database:
        table = database.register(rows.table, dataset_display_name="records")
        model, learned = _model(database, table, rows, computing.engine is Engine.SPARK)
        linker = Linker(table, model, log_level=None, validate_settings=False)
        found = _scored(linker, report_from)
    prior = model["probability_two_random_records_match"]
    prior_bits = log2(prior / (1 - prior))
    pairs = tuple(_pair(row, prior_bits) for row in found[: limits.LINKS_PER_RUN_MAX])
    more = len(found) > limits.LINKS_PER_RUN_MAX
    return Resolution(pairs, rows.persons, version(model), learned, rows.common_keys, more)


@contextmanager
def _database(computing: Computing) -> Iterator[Any]:
    """What is too large for memory goes to a folder of this account alone, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="comity-linkage-") as folder:
        if computing.engine is Engine.SPARK:
            # Spark is an extra of its own, of half a gigabyte, and needs Java.
            from comity.analysis.on_spark import session

            with session(computing, folder) as spark:
                yield spark
            return
        with duckdb.connect(":memory:") as connection:
            # By default DuckDB would write into the working folder.
            connection.execute(f"set temp_directory = '{folder}'")
            connection.execute(f"set memory_limit = '{computing.memory_gb}GB'")
            yield DuckDBAPI(connection=connection)


def _model(database: Any, table: Any, rows: Rows, spark: bool) -> tuple[dict[str, Any], bool]:
    """Settings with every weight and the prior; learned where there are enough persons and sure pairs."""
    many = rows.persons >= limits.LINKAGE_LEARNS_FROM_RECORDS
    expected = max(rows.sure_pairs, 1) / FOUND_BY_SURE_SIGNS
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons(spark, frequencies=many)),
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        probability_two_random_records_match=min(0.5, expected / rows.possible_pairs),
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
    )
    linker = Linker(table, settings, log_level=None)
    learn = many and rows.sure_pairs >= limits.LINKAGE_LEARNS_FROM_PAIRS
    if learn:
        linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS_MAX, seed=LOTS_SEED)
        for columns in LEARNED_FROM:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    return made_sound(linker.misc.save_model_to_json()), learn


def _scored(linker: Linker, report_from: float) -> list[dict[str, Any]]:
    predicted = linker.inference.predict(threshold_match_probability=report_from, warning_mode="never")
    # One more than are handed out tells that there are more.
    ordered = predicted.query_sql(f"{MOST_PROBABLE}{limits.LINKS_PER_RUN_MAX + 1}")
    found: list[dict[str, Any]] = ordered.as_record_list()
    return found


def _pair(row: dict[str, Any], prior_bits: float) -> Pair:
    fields = tuple(
        FieldMatch(field=field.name, bits=round(bits, 3), how=how(field.name, level))
        for field in FIELDS
        if (level := int(row[f"gamma_{field.name}"])) >= 0
        for bits in [row[f"mw_{field.name}"] + (row.get(f"mw_tf_adj_{field.name}") or 0.0)]
    )
    left, right = sorted((int(row["unique_id_l"]), int(row["unique_id_r"])))
    match = Match(probability=row["match_probability"], bits=row["match_weight"], fields=fields)
    return Pair(left, right, match, prior_bits)
