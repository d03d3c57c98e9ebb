"""`comity match`: compare persons, screen them against a list, and measure how good that is."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from comity.cli import comparing, match_bench, screening
from comity.cli.common import STATUS, AsJson, print_json, tell, warn
from comity.cli.comparing import EXPECTED_SHARE, SAME_FROM_PROBABILITY, Part, Scored, Trouble
from comity.cli.match_files import counting, index_folder, there, writing
from comity.cli.screening import POOL, Asking
from comity.cli.waterfall import side_of, tell_match
from comity.cli.why_not import why_not_found
from comity.domain.purpose import Purpose
from comity.formats.pairs import Pair, side
from comity.matching.evaluation import CALIBRATION_BINS, FALSE_POSITIVES_SHARE, Evaluation, errors, evaluate
from comity.matching.thresholds import report_from

app = typer.Typer(help="Compare persons, screen them against a list, measure how good that is.", no_args_is_help=True)
app.command(name="why-not")(why_not_found)
Processes = Annotated[int, typer.Option(help="How many processes share the work.", min=1)]
Expected = Annotated[
    float, typer.Option(help="The share of the pairs that is expected to be the same: the prior of the probability.")
]
_TROUBLES_TOLD_MAX = 20
_ERRORS_WRITTEN_MAX = 100
_POOLED, _MEAN = "all pairs pooled", "mean over files"


@app.command(name="pairs")
def compare_pairs(
    in_file: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='{"l": SIDE, "r": SIDE} on each line, or gzip.')],
    out_file: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Replaced where it exists; - is the screen.")],
    expected: Expected = EXPECTED_SHARE,
    explain: Annotated[bool, typer.Option("--explain", help="Add the fields with their bits.")] = False,
    processes: Processes = 1,
) -> None:
    """Write every line again, in order, with `probability` and `bits`."""
    prior_bits = comparing.prior_of(expected)
    there(in_file)
    lines = 0
    troubles: list[Trouble] = []
    unread: list[Trouble] = []
    with writing(out_file, in_file) as stream:
        for batch in comparing.compared(in_file, prior_bits, explain, processes):
            stream.write(batch.written)
            stream.flush()
            lines += batch.lines
            troubles += batch.troubles
            unread += batch.unread
    _tell_troubles(in_file, unread, "compared without some fields")
    _tell_troubles(in_file, troubles, "not compared; they stand in the output with their error")
    if out_file.name != "-":
        tell(f"{lines} lines written to {out_file}, {lines - len(troubles)} of them compared")
    if troubles:
        raise typer.Exit(STATUS["invalid"])


@app.command(name="evaluate")
def evaluate_pairs(
    files: Annotated[list[Path], typer.Argument(metavar="PAIRS...", help='Pairs with "match": true or false.')],
    expected: Expected = EXPECTED_SHARE,
    threshold: Annotated[float, typer.Option(help="The default threshold to measure.")] = SAME_FROM_PROBABILITY,
    part: Annotated[Part, typer.Option(help="A third, by the left name, is held back from learning.")] = Part.ALL,
    as_written: Annotated[
        bool, typer.Option("--as-written", help='Measure the "probability" that stands in the files.')
    ] = False,
    wrong: Annotated[
        Path | None, typer.Option("--errors", metavar="DIR", help="Write the worst errors of each file there.")
    ] = None,
    processes: Processes = 1,
    as_json: AsJson = False,
) -> None:
    """F1 at the default and the best threshold, recall, calibration: each file, all pooled, and the mean over files."""
    prior_bits = comparing.prior_of(expected)
    for file in files:
        there(file)
    scored = {file: comparing.scored(file, prior_bits, part, as_written, processes) for file in files}
    for file, one in scored.items():
        _tell_troubles(file, one.troubles, "not measured")
        if wrong:
            _write_errors(wrong, file, one, threshold)
    names = _short_names(files)
    evaluation = evaluate({names[file]: (one.scores, one.labels) for file, one in scored.items()}, threshold)
    if as_json:
        print_json(evaluation)
    else:
        told = f"expected share of matches {expected:g}" if not as_written else "probabilities as written"
        _tell_evaluation(evaluation, f"{part} pairs, {told}")
    if any(one.troubles for one in scored.values()):
        raise typer.Exit(STATUS["invalid"])


@app.command(name="list")
def screen_list(
    questions: Annotated[Path, typer.Argument(metavar="QUERIES.jsonl", help="A SIDE on each line, or gzip.")],
    out_file: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Replaced where it exists; - is the screen.")],
    against: Annotated[Path, typer.Option(metavar="RECORDS.jsonl", help="The list: a SIDE or a record on each line.")],
    index: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Keep the index there, and use it while the list is the same.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Hits for each question.", min=1)] = 50,
    purpose: Annotated[Purpose, typer.Option(help="It sets the prior.")] = Purpose.BORDER_CONTROL,
    reported: Annotated[
        bool, typer.Option("--reported", help="Only hits that the purpose would have reported; otherwise all.")
    ] = False,
    explain: Annotated[bool, typer.Option(help="With the fields of each hit; several times slower.")] = True,
    pool: Annotated[int, typer.Option(help="Candidates compared in full for each question.", min=1)] = POOL,
    processes: Processes = 1,
) -> None:
    """Look for each person in a list: every line again, with `hits`, the most probable first."""
    for file in (questions, against):
        there(file)
    least = report_from(purpose) if reported else 0.0
    asking = Asking(purpose=purpose, limit=limit, pool=pool, least=least, explain=explain)
    with index_folder(index) as folder, writing(out_file, questions, against) as stream:
        began = time.monotonic()
        with counting("reading the list") as advance:
            about = screening.indexed(against, folder, processes, advance)
        taken = time.monotonic() - began
        _tell_troubles(against, about.first_refused, "not in the index", about.refused)
        warn(f"comity: {about.records:,} persons listed, index ready after {taken:.0f} s")
        asked, troubles, unread = _screen(questions, stream, folder, asking, processes)
    _tell_troubles(questions, unread, "asked without some fields")
    _tell_troubles(questions, troubles, "not asked; they stand in the output with their error")
    if out_file.name != "-":
        tell(f"{asked} lines written to {out_file}, {asked - len(troubles)} of them asked")
    if troubles or about.refused:
        raise typer.Exit(STATUS["invalid"])


def _screen(
    questions: Path, stream: BinaryIO, folder: Path, asking: Asking, processes: int
) -> tuple[int, list[Trouble], list[Trouble]]:
    asked = 0
    troubles: list[Trouble] = []
    unread: list[Trouble] = []
    with counting("questions asked") as advance:
        for batch in screening.screened(questions, folder, asking, processes):
            stream.write(batch.written)
            stream.flush()
            asked += batch.questions
            troubles += batch.troubles
            unread += batch.unread
            advance(asked)
    return asked, troubles, unread


@app.command()
def explain(
    left: Annotated[str, typer.Argument(help="A name in any script, or a SIDE as JSON.")],
    right: Annotated[str, typer.Argument(help="The same.")],
    expected: Expected = EXPECTED_SHARE,
    as_json: AsJson = False,
) -> None:
    """Why two persons are alike or not: what each field weighs, in bits."""
    pair = Pair(1, {}, side(side_of(left, "LEFT")), side(side_of(right, "RIGHT")))
    prior_bits = comparing.prior_of(expected)
    match = comparing.matched([pair], prior_bits)[0]
    for which, one in (("LEFT", pair.asked), ("RIGHT", pair.found)):
        if one.unread:
            warn(f"comity: {which}: not compared: {', '.join(one.unread)}")
    if as_json:
        print_json(match)
        return
    tell_match(match, prior_bits)


@app.command()
def bench(
    persons: Annotated[int, typer.Option(help="In the list that is asked.", min=100)] = 20_000,
    questions: Annotated[int, typer.Option(help="That are asked.", min=10)] = 200,
    as_json: AsJson = False,
) -> None:
    """Comparisons a second and query times on this machine, one core, with fictitious names."""
    figures = match_bench.measure(persons, questions)
    if as_json:
        print_json(figures)
        return
    half, most, nearly_all = figures.question_ms
    for what, told in (
        ("comparisons a second, both Latin", f"{figures.latin_a_second:,.0f}"),
        ("comparisons a second, across scripts", f"{figures.cross_script_a_second:,.0f}"),
        ("persons prepared a second", f"{figures.prepared_a_second:,.0f}"),
        ("persons put into the index a second", f"{figures.indexed_a_second:,.0f}"),
        ("bytes of the index a person", f"{figures.index_bytes_a_person:,.0f}"),
        (f"a question to {persons:,} persons, p50", f"{half:.1f} ms"),
        (f"a question to {persons:,} persons, p95", f"{most:.1f} ms"),
        (f"a question to {persons:,} persons, p99", f"{nearly_all:.1f} ms"),
    ):
        tell(f"{what:44} {told:>12}")
    tell("Processor time of one core; a question includes the comparison of its candidates in full.")


def _tell_troubles(file: Path, troubles: Sequence[Trouble], what: str, count: int = 0) -> None:
    for one in troubles[:_TROUBLES_TOLD_MAX]:
        warn(f"{file.name} line {one.line}: {one.why}")
    if troubles:
        warn(f"comity: {file.name}: {count or len(troubles)} lines {what}")


def _short_names(files: Sequence[Path]) -> dict[Path, str]:
    """Names without folders and endings where these still tell the files apart."""
    short = {file: file.name.removesuffix(".gz").removesuffix(".jsonl") for file in files}
    return short if len(set(short.values())) == len(short) else {file: str(file) for file in files}


def _tell_evaluation(told: Evaluation, title: str) -> None:
    wide = max(map(len, [*told.files, _MEAN]))
    tell(title)
    tell(f"{'':{wide}}   pairs  matches  F1 default  F1 best     at  recall    ECE")
    for name, one in [*told.files.items(), (_POOLED, told.pooled)]:
        tell(
            f"{name:{wide}} {one.pairs:7,}  {one.matches:7,}  {one.f1_default:10.3f}  {one.f1_best:7.3f}"
            f"  {one.threshold_best:5.3f}  {one.recall:6.3f}  {one.calibration_error:5.3f}"
        )
    tell(
        f"{_MEAN:{wide}} {'':7}  {'':7}  {told.f1_default_mean:10.3f}  {told.f1_best_mean:7.3f}"
        f"  {'':5}  {told.recall_mean:6.3f}  {told.calibration_error_mean:5.3f}"
    )
    tell(f"F1 default: at probability {told.threshold_default:g}. ECE: {CALIBRATION_BINS} bins of equal width.")
    tell(f"Recall: where {FALSE_POSITIVES_SHARE:.0%} of the pairs that are not the same are taken for the same.")
    tell(
        f"One threshold for all, {told.pooled.threshold_best:.3f}: "
        f"F1 {told.pooled.f1_best:.3f} pooled, {told.f1_pooled_mean:.3f} mean over files."
    )


def _write_errors(folder: Path, file: Path, scored: Scored, threshold: float) -> None:
    """The worst of both kinds, one pair a line: what was too high first."""
    positives, negatives = errors(scored.scores, scored.labels, threshold, _ERRORS_WRITTEN_MAX)
    folder.mkdir(parents=True, exist_ok=True)
    name = file.name.removesuffix(".gz").removesuffix(".jsonl")
    with writing(folder / f"errors_{name}.txt", file) as stream:
        for title, places in (("false positives", positives), ("false negatives", negatives)):
            stream.write(f"{title}, worst first\n".encode())
            for place in places:
                told = scored.objects[place]
                sides = "  |  ".join(msgspec.json.encode(told[key]).decode() for key in ("l", "r"))
                stream.write(f"{scored.scores[place]:.4f}  {sides}\n".encode())
