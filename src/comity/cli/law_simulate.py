"""`comity law simulate`: who may learn what of whom, before and after a proposed change."""

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from comity.cli.common import print_json, tell
from comity.cli.law_texts import Files, NodeOfLaw, On, acted_under, day, instrument_in, party
from comity.cli.rulebook_choice import Choice
from comity.cli.stating import Said, stating
from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind, Trait
from comity.domain.collection import Category
from comity.domain.decision import Request
from comity.domain.errors import Missing
from comity.domain.marking import Confidentiality, Marking
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.law.acted import Acted
from comity.law.simulate import Levels, Scope, Simulation, parties
from comity.law.weighed import what_is_stated
from comity.law.words import count, listed, party_name

app = typer.Typer()
Row = tuple[str, str, Levels, Levels | None]  # asker, owner, levels before, and after a change


class Form(StrEnum):
    TEXT = "text"
    CSV = "csv"
    JSON = "json"


@app.command(name="simulate")
@stating
def simulate(
    said: Said,
    files: Files = None,
    node: NodeOfLaw = None,
    rulebook: Choice = None,
    askers: Annotated[list[str] | None, typer.Option("--asker", help="Who asks; every party if not said.")] = None,
    owners: Annotated[list[str] | None, typer.Option("--owner", help="Whose records; likewise.")] = None,
    categories: Annotated[list[Category] | None, typer.Option("--category", help="Of these; all if not said.")] = None,
    purposes: Annotated[list[Purpose] | None, typer.Option("--purpose", help="For these; all if not said.")] = None,
    roles: Annotated[list[Role] | None, typer.Option("--role", help="As what; officer if not said.")] = None,
    closed_to: Annotated[list[str] | None, typer.Option(help="Of a record closed to these countries.")] = None,
    only_for: Annotated[list[str] | None, typer.Option(help="Of a record for these countries only.")] = None,
    confidentiality: Annotated[Confidentiality | None, typer.Option(help="Of a record so confidential.")] = None,
    traits: Annotated[list[Trait] | None, typer.Option("--trait", help="Of a record of such a person.")] = None,
    entity: Annotated[EntityKind | None, typer.Option(help="Which kind of body asks; not stated if not said.")] = None,
    added: Annotated[list[Path] | None, typer.Option("--with", help="A change: this text as well.")] = None,
    removed: Annotated[list[str] | None, typer.Option("--without", help="A change: the text of this id gone.")] = None,
    on: On = "",
    form: Annotated[Form, typer.Option("--format", help="How it is printed.")] = Form.TEXT,
) -> None:
    """Who may learn what of whom: nothing, hit, core or full, for every asker, owner, category and purpose."""
    before = acted_under(files, node, rulebook)
    after = _after(before, added or (), removed or ())
    everyone = parties([*before.instruments, *(after.instruments if after else ())])
    asking, owning = (tuple(party(one, everyone) for one in some or ()) for some in (askers, owners))
    marking = Marking(
        confidentiality=confidentiality or Confidentiality.OFFICIAL,
        closed_to=tuple(party(one, everyone, "--closed-to") for one in closed_to or ()),
        only_for=tuple(party(one, everyone, "--only-for") for one in only_for or ()),
    )
    scope = Scope(
        askers=asking or everyone,
        owners=owning or everyone,
        categories=tuple(categories or Category),
        purposes=tuple(purposes or Purpose),
        sketch=Request(
            asker="",
            owner="",
            category="",
            purpose="",
            roles=tuple(roles or (Role.OFFICER,)),
            circumstances=replace(what_is_stated("", said.offence, said.stated, entity), assurances=()),
        ),
        assured=said.stated.assurances if said.stated else (),
        marking=marking if closed_to or only_for or confidentiality else None,
        traits=tuple(traits or ()),
    )
    laws = [Simulation(acted.law, scope, day(on)) for acted in (before, after) if acted is not None]
    rows = ((asker, owner, *_levels(laws, asker, owner)) for asker, owner in scope.pairs)
    {Form.TEXT: _as_text, Form.CSV: _as_csv, Form.JSON: _as_json}[form](rows, scope)


def _after(before: Acted, added: Sequence[Path], removed: Sequence[str]) -> Acted | None:
    """The law after the change; None where none is proposed."""
    ids = before.ids
    if lost := [name for name in removed if name not in ids]:
        raise Missing(f"There is no text {', '.join(lost)}.", do=f"Name one of {', '.join(ids) or 'none'}.")
    if not added and not removed:
        return None
    return before.changed([instrument_in(path, before.book) for path in added], removed)


def _levels(laws: Sequence[Simulation], asker: str, owner: str) -> tuple[Levels, Levels | None]:
    before, *after = (law.levels(asker, owner) for law in laws)
    return before, after[0] if after else None


# -- how it is printed ------------------------------------------------------------------------------------------------


def _as_text(rows: Iterable[Row], scope: Scope) -> None:
    """A table for each set of pairs to which the law says the same; of a change, those that it changes alone."""
    alike: dict[tuple[bytes, bytes], list[Row]] = {}
    for row in rows:
        alike.setdefault((row[2].tobytes(), b"" if row[3] is None else row[3].tobytes()), []).append(row)
    same = 0
    for (before, after), group in alike.items():
        if after == before:
            same += len(group)
            continue
        tell(listed(f"{party_name(asker)} of {party_name(owner)}" for asker, owner, *_ in group))
        for line in _aligned([("", *scope.categories), *_lines(group[0], scope)]):
            tell(line)
        tell("")
    if same:
        tell(f"The change leaves {count(same, 'pair')} as {'it is' if same == 1 else 'they are'}.")
    elif not alike:
        tell("There is nobody who could ask another.")


def _lines(row: Row, scope: Scope) -> list[tuple[str, ...]]:
    return [
        (str(purpose), *(_cell(row, kind, number) for kind in range(len(scope.categories))))
        for number, purpose in enumerate(scope.purposes)
    ]


def _cell(row: Row, category: int, purpose: int) -> str:
    before, *after = (_shown(levels[category, purpose]) for levels in row[2:] if levels is not None)
    return before if after in ([], [before]) else f"{before} → {after[0]}"


def _shown(level: int) -> str:
    """Nothing is a dot, so that what is told stands out."""
    return _word(level) if level else "·"


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side, never folded: a level broken over two lines is read wrongly."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield f"  {'  '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))}".rstrip()


def _word(level: int) -> str:
    return ReplyLevel(int(level)).word


def _cells(rows: Iterable[Row], scope: Scope) -> Iterator[dict[str, str]]:
    for asker, owner, before, after in rows:
        for (kind, category), (number, purpose) in product(enumerate(scope.categories), enumerate(scope.purposes)):
            cell = {"asker": asker, "owner": owner, "category": str(category), "purpose": str(purpose)}
            told = {"level": before} if after is None else {"before": before, "after": after}
            yield cell | {name: _word(levels[kind, number]) for name, levels in told.items()}


def _as_csv(rows: Iterable[Row], scope: Scope) -> None:
    sheet: csv.DictWriter[str] | None = None
    for cell in _cells(rows, scope):
        if sheet is None:
            sheet = csv.DictWriter(sys.stdout, list(cell), lineterminator="\n")
            sheet.writeheader()
        sheet.writerow(cell)


def _as_json(rows: Iterable[Row], scope: Scope) -> None:
    print_json(list(_cells(rows, scope)))
