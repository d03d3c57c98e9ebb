"""How fast two persons are compared, and one is found among many, on one core: what `comity match bench` measures."""

from benchmarks.figures import told
from comity.cli import match_bench

PERSONS = 20_000
QUESTIONS = 200


def main() -> None:
    figures = match_bench.measure(PERSONS, QUESTIONS)
    rows = [
        ("comparisons a second, both Latin", f"{figures.latin_a_second:,.0f}"),
        ("comparisons a second, across scripts", f"{figures.cross_script_a_second:,.0f}"),
        ("persons prepared a second", f"{figures.prepared_a_second:,.0f}"),
        ("persons put into the index a second", f"{figures.indexed_a_second:,.0f}"),
        ("bytes of the index a person", f"{figures.index_bytes_a_person:,.0f}"),
        *(
            (f"a question, comparison included, {share}, ms", f"{taken:.1f}")
            for share, taken in zip(("p50", "p95", "p99"), figures.question_ms, strict=True)
        ),
    ]
    told(f"matching: fictitious names, {figures.persons:,} persons listed", ("", "processor time"), rows)


if __name__ == "__main__":
    main()
