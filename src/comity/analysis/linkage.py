"""What a run of linkage is told and what it gives back."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.match import Match


class Engine(StrEnum):
    """Where Splink computes."""

    DUCKDB = "duckdb"  # in this process
    SPARK = "spark"  # on a cluster, or on this machine's cores


class Computing(Struct, frozen=True, kw_only=True):
    """`spark_master` as Spark writes it: local[2], spark://host:7077."""

    engine: Engine = Engine.DUCKDB
    spark_master: str = "local[*]"
    memory_gb: int = 4


class Pair(Struct, frozen=True):
    """Two persons by their places in what was handed in, the lower first. `match` holds codes and bits."""

    left: int
    right: int
    match: Match
    prior_bits: float


class Resolution(Struct, frozen=True):
    """Most probable first. `common_keys` were shared by so many that nobody met by them."""

    pairs: tuple[Pair, ...]
    persons: int
    model: str
    learned: bool  # the weights were learned from these persons
    common_keys: int
    more: bool = False  # than are handed out
