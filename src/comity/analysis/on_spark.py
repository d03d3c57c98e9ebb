"""Splink on Spark: a session for one run, and nothing of it left on the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession
from splink import SparkAPI

from comity.analysis.linkage import Computing


@contextmanager
def session(computing: Computing, folder: str) -> Iterator[SparkAPI]:
    """A session that spills into `folder` alone and keeps intermediate tables in memory, not in checkpoints."""
    spark = (
        SparkSession.builder.master(computing.spark_master)
        .appName("comity-linkage")
        .config("spark.local.dir", folder)
        .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
        .config("spark.driver.memory", f"{computing.memory_gb}g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        # Pushed below the joins, the threshold would repeat every comparison many times over: minutes for 30 persons.
        .config("spark.sql.optimizer.excludedRules", "org.apache.spark.sql.catalyst.optimizer.PushDownPredicates")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")  # its warnings print whole plans
    try:
        # Our levels use only functions that Spark has of its own: Splink's jar is not needed.
        yield SparkAPI(  # type: ignore[no-untyped-call]
            spark_session=spark, break_lineage_method="persist", register_udfs_automatically=False
        )
    finally:
        spark.stop()
