"""Duplicates among fictitious persons are found, strangers and relatives are not, on both engines alike."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.analysis import resolve as resolving
from comity.analysis.linkage import Computing, Engine, Pair, Resolution
from comity.analysis.resolve import resolve
from comity.domain import limits
from comity.domain.errors import Missing
from comity.domain.person import IdentityDocument, Name, Person, Sex
from tests.analysis.conftest import DUCKDB, ON_SPARK, SPARK
from tests.analysis.febrl import made, pairs_of

RECORDS = made(persons=900, duplicated=220)
TRUE = pairs_of(RECORDS)


@pytest.fixture(scope="module")
def found() -> Resolution:
    return resolve((person for _, person in RECORDS), 0.01, DUCKDB)


def measured(found: Resolution, least: float) -> tuple[float, float]:
    """(precision, recall) of all pairs with at least that probability."""
    told = {(pair.left, pair.right) for pair in found.pairs if pair.match.probability >= least}
    return len(told & TRUE) / len(told), len(told & TRUE) / len(TRUE)


def test_duplicates_are_found_and_strangers_are_not(found: Resolution, record_property: Callable[[str, object], None]):
    assert found.learned
    assert found.persons == len(RECORDS)
    precision, recall = measured(found, 0.5)
    record_property("precision", precision)
    record_property("recall", recall)
    assert precision >= 0.98
    assert recall >= 0.98


def test_at_a_high_threshold_hardly_anything_is_wrong(found: Resolution):
    precision, recall = measured(found, 0.95)
    assert precision >= 0.99
    assert recall >= 0.95


def test_probabilities_mean_what_they_say(found: Resolution):
    """Of what is told with a probability, about so many are true."""
    told = [(pair.match.probability, (pair.left, pair.right) in TRUE) for pair in found.pairs]
    expected, true = sum(probability for probability, _ in told), sum(fits for _, fits in told)
    assert expected == pytest.approx(true, rel=0.05)


def test_the_most_probable_come_first_and_each_pair_once(found: Resolution):
    bits = [pair.match.bits for pair in found.pairs]
    assert bits == sorted(bits, reverse=True)
    assert len({(pair.left, pair.right) for pair in found.pairs}) == len(found.pairs)
    assert all(pair.left < pair.right for pair in found.pairs)


def test_bits_add_up(found: Resolution):
    for pair in found.pairs:
        total = pair.prior_bits + sum(field.bits for field in pair.match.fields)
        assert total == pytest.approx(pair.match.bits, abs=0.05)
        assert pair.match.probability == pytest.approx(1 / (1 + 2**-pair.match.bits), abs=1e-6)


def test_an_explanation_says_nothing_of_the_records(found: Resolution):
    assert all(not field.asked and not field.found for pair in found.pairs for field in pair.match.fields)


# -- both engines alike -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spark", [pytest.param(SPARK, marks=ON_SPARK)])
def test_spark_finds_what_duckdb_finds(spark: Computing):
    some = [person for _, person in RECORDS[:120]]
    here, there = resolve(some, 0.01, DUCKDB), resolve(some, 0.01, spark)
    assert here.pairs
    assert [(pair.left, pair.right) for pair in there.pairs] == [(pair.left, pair.right) for pair in here.pairs]
    for one, other in zip(here.pairs, there.pairs, strict=True):
        assert other.match.bits == pytest.approx(one.match.bits, abs=1e-6)
        assert [line.how for line in other.match.fields] == [line.how for line in one.match.fields]
    assert there.model == here.model


# -- few records: the model as it is shipped --------------------------------------------------------------------------


def person(name: str, birth: str = "", number: str = "", sex: Sex = Sex.UNSPECIFIED, **more: object) -> Person:
    return Person(
        names=(Name(full=name),),
        births=(birth,) if birth else (),
        documents=(IdentityDocument(number=number),) if number else (),
        sex=sex,
        **more,  # type: ignore[arg-type]
    )


STRANGERS = [
    person(f"Xenor Quast{letter}", f"19{50 + place}-03-0{place % 9 + 1}") for place, letter in enumerate("bdfgklmn")
]


def among_strangers(one: Person, other: Person, least: float = 0.5) -> Pair | None:
    found = resolve([one, *STRANGERS, other], least, DUCKDB)
    assert not found.learned
    return next((pair for pair in found.pairs if (pair.left, pair.right) == (0, len(STRANGERS) + 1)), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vladimir Petrov", "Владимир Петров"),
        ("Mohammed Hashemi", "محمد الهاشمي"),
        ("Kostas Papadopoulos", "Κώστας Παπαδόπουλος"),
        ("KIM, Chul-su", "김철수"),
        ("Mira Oleander", "OLEANDER, Mira"),
        ("Mira Oleander", "Mira Oleandar"),
        ("William Oleander", "Bill Oleander"),
    ],
)
def test_a_name_in_another_script_or_spelling_with_the_same_birth_is_proposed(one: str, other: str):
    pair = among_strangers(person(one, "1981-05-17"), person(other, "1981-05-17"))
    assert pair is not None
    assert {field.field for field in pair.match.fields} == {"family", "given", "birth"}


def test_two_alone_weigh_as_much_as_among_others():
    """That everybody here was born on one day says nothing of the day."""
    one, other = person("Mira Oleander", "1981-05-17"), person("Mira Oleandar", "1981-05-17")
    (pair,) = resolve([one, other], 0.5, DUCKDB).pairs
    assert {field.field: field.bits for field in pair.match.fields}["birth"] > 10


def test_a_misread_number_counts_as_look_alike():
    pair = among_strangers(
        person("Mira Oleander", number="XA0I23456"), person("M. Oleander", number="XAO123456"), least=0.01
    )
    assert pair is not None
    assert {field.field: field.how for field in pair.match.fields}["document"] == "look-alike"


def test_brothers_are_not_proposed_as_one():
    one = person("Ilan Oleander", "1981-05-17", sex=Sex.MALE, addresses=("12 Long Road",))
    other = person("Tobin Oleander", "1984-11-02", sex=Sex.MALE, addresses=("12 Long Road",))
    assert among_strangers(one, other) is None


def test_nobody_and_one_alone_have_no_links():
    assert resolve([], 0.5, DUCKDB).pairs == ()
    assert resolve([STRANGERS[0]], 0.5, DUCKDB).pairs == ()


def test_the_same_records_give_the_same_links_and_the_same_model():
    some = [one for _, one in RECORDS[:300]]
    first, second = resolve(some, 0.5, DUCKDB), resolve(some, 0.5, DUCKDB)
    assert first == second
    assert first.model.startswith("persons-1/")


def test_a_key_that_too_many_share_makes_nobody_meet(monkeypatch: pytest.MonkeyPatch):
    crowd = [person("Jan Berg", f"19{year}") for year in range(50, 70)]
    assert resolve(crowd, 0.0001, DUCKDB).pairs
    monkeypatch.setattr(limits, "LINKAGE_BLOCK_RECORDS_MAX", 10)
    found = resolve(crowd, 0.0001, DUCKDB)
    assert not found.pairs
    assert found.common_keys


def test_no_more_links_than_a_run_may_give(monkeypatch: pytest.MonkeyPatch):
    crowd = [person("Jan Berg", "1950-01-01") for _ in range(6)]
    monkeypatch.setattr(limits, "LINKS_PER_RUN_MAX", 3)
    found = resolve(crowd, 0.01, DUCKDB)
    assert len(found.pairs) == 3
    assert found.more


def test_nothing_of_a_run_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    resolve([one for _, one in RECORDS[:50]], 0.5, DUCKDB)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("engine", "install"), [(Engine.DUCKDB, "comity[linkage]"), (Engine.SPARK, "linkage-spark")])
def test_where_the_extra_is_missing_it_is_named(monkeypatch: pytest.MonkeyPatch, engine: Engine, install: str):
    monkeypatch.setattr(resolving.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match="splink") as refused:
        resolve(STRANGERS, 0.5, Computing(engine=engine))
    assert install in refused.value.do


def test_nothing_heavy_is_loaded_before_a_run_begins():
    """A node that links nothing goes without Splink, its database and its tables."""
    loads = "import sys, comity.cli.links, comity.cli.node"
    script = f"{loads}; print(*{{'splink', 'duckdb', 'pyarrow', 'pyspark'}} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert loaded.strip() == ""
