"""Where linkage is computed in these tests: DuckDB, and Spark where it is installed."""

import importlib.util
import shutil

import pytest

from comity.analysis.linkage import Computing, Engine

SPARK_IS_HERE = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None
ON_SPARK = [
    pytest.mark.spark,
    pytest.mark.slow,
    # What Spark's own Python leaves open or calls by an old name is not ours to mend.
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(not SPARK_IS_HERE, reason="pyspark or Java is not installed; `make spark` brings pyspark"),
]


DUCKDB = Computing(engine=Engine.DUCKDB, memory_gb=1)
SPARK = Computing(engine=Engine.SPARK, spark_master="local[2]", memory_gb=2)
