"""`comity law check`: is a text of law sound, does it fit its own examples, does every clause change anything?"""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import read, tell
from comity.cli.rulebook_choice import Choice, rulebook_in
from comity.domain.errors import Invalid
from comity.law.instruments import check_text, read_instrument
from comity.law.reach import remarks
from comity.law.rulebook import Rulebook
from comity.law.words import count

app = typer.Typer()
Files = Annotated[list[Path], typer.Argument(help="Instruments (TOML).", metavar="FILE…")]


@app.command(name="check")
def check_files(
    files: Files,
    strict: Annotated[bool, typer.Option("--strict", help="Fail by remarks as well.")] = False,
    rulebook: Choice = None,
) -> None:
    """Read instruments, run their own examples, and remark on clauses that change nothing; adopts nothing."""
    complaints, remarked, book = 0, 0, rulebook_in(rulebook)
    for path in files:
        wrong, idle = _checked(path, read(path), book)
        complaints += wrong
        remarked += idle
    if complaints or (strict and remarked):
        raise Invalid(
            f"{count(complaints, 'complaint')}, {count(remarked, 'remark')}.",
            do="Correct the texts; none with complaints can be adopted as it stands.",
        )


def _checked(path: Path, text: bytes, book: Rulebook) -> tuple[int, int]:
    """How many complaints and remarks there are, each told with file and line."""
    try:
        complaints = check_text(text, path.name, book)
    except Invalid as unreadable:  # no instrument at all; the other files are looked at nevertheless
        tell(f"{path.name}: cannot be read")
        tell(f"  {unreadable}")
        return 1, 0
    if complaints:
        tell(f"{path.name}: {count(len(complaints), 'complaint')}")
        for line in complaints:
            tell(f"  {line}")
        return len(complaints), 0
    instrument = read_instrument(text, path.name, book)
    found = remarks(instrument, text, path.name)
    counts = f"{count(len(instrument.clauses), 'clause')}, {count(len(instrument.examples), 'example')}"
    tell(f"{path.name}: {counts}, 0 complaints, {count(len(found), 'remark')}")
    for line in found:
        tell(f"  remark: {line}")
    return 0, len(found)
