"""The command line: `comity NOUN VERB`."""

import gc
import sys

import typer
from msgspec import ValidationError

from comity.cli import (
    account,
    agreement,
    batch,
    case,
    consent,
    held,
    hits,
    index,
    journal,
    keys,
    law,
    law_check,
    law_diff,
    law_explain,
    law_render,
    law_simulate,
    links,
    lookup,
    mail,
    match,
    member,
    node,
    operation,
    override,
    passing,
    post,
    records,
    watch,
)
from comity.cli.common import STATUS, warn
from comity.domain.errors import Invalid, Refusal

COLLECTED_AFTER_OBJECTS = 50_000  # made and not yet gone

app = typer.Typer(
    name="comity",
    help="Look records up across borders as far as agreements allow, and prove it afterwards.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(node.app, name="node")
app.add_typer(member.app, name="member")
app.add_typer(keys.app, name="keys")
app.add_typer(account.app, name="account")
app.add_typer(agreement.app, name="agreement")
law.app.add_typer(law_check.app)
law.app.add_typer(law_diff.app)
law.app.add_typer(law_explain.app)
law.app.add_typer(law_render.app)
law.app.add_typer(law_simulate.app)
app.add_typer(law.app, name="law")
records.app.add_typer(passing.app)
app.add_typer(records.app, name="records")
app.add_typer(index.app, name="index")
app.add_typer(lookup.app, name="lookup")
app.add_typer(batch.app, name="batch")
app.add_typer(watch.app, name="watch")
app.add_typer(consent.app, name="consent")
app.add_typer(override.app, name="override")
app.add_typer(post.app, name="post")
app.add_typer(held.app, name="held")
app.add_typer(hits.app, name="hits")
app.add_typer(case.app, name="case")
app.add_typer(mail.app, name="mail")
app.add_typer(operation.app, name="operation")
app.add_typer(links.app, name="links")
app.add_typer(journal.app, name="journal")
app.add_typer(match.app, name="match")


def main() -> None:
    """Run a command; a refusal is one clear line and an exit status, never a traceback."""
    # What a program made by starting stays; and records by the thousand, which hold no circles, need no looking through
    # at every 700th: that took a quarter of an import's time.
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER_OBJECTS)
    try:
        app()
    except Refusal as refusal:
        _say(refusal)
        sys.exit(STATUS.get(refusal.code, 1))
    except ValidationError as wrong:
        _say(Invalid(str(wrong), do="Correct it and run the command again."))
        sys.exit(STATUS["invalid"])
    except OSError as wrong:  # a file that cannot be read, a disk that is full
        where = f"{wrong.filename}: " if wrong.filename else ""
        warn(f"comity: {where}{wrong.strerror or type(wrong).__name__}")
        sys.exit(1)


def _say(refusal: Refusal) -> None:
    warn(f"comity: {refusal}")
    if refusal.clauses:
        warn(f"comity: by {', '.join(refusal.clauses)}")
