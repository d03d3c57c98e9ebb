"""`comity journal timestamp`: a time for a file of evidence, by an authority that people carry the question to."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from comity.cli.common import must_be_new, read, tell, write_new
from comity.domain.errors import Invalid
from comity.wire.evidence_file import read_evidence_file, stamped_part, write_evidence_file
from comity.wire.timestamp import verified_timestamp, write_query


def timestamp(
    file: Annotated[Path, typer.Argument(help="What `comity journal export` wrote.", metavar="FILE")],
    out_file: Annotated[Path, typer.Argument(help="The file to write.", metavar="OUT")],
    answer: Annotated[
        Path | None,
        typer.Option("--answer", help="What the authority answered (RFC 3161); left out: write the question."),
    ] = None,
    authority: Annotated[
        Path | None, typer.Option("--authority", help="Its certificate, or that of who issued it (PEM).")
    ] = None,
) -> None:
    """Write the question that goes to an authority for time (RFC 3161), or the evidence with its answer."""
    must_be_new(out_file)
    evidence = read_evidence_file(read(file))
    if answer is None:
        write_new(out_file, write_query(stamped_part(evidence)))
        tell(f"the question for an authority written to {out_file}; it holds a digest and nothing else")
        return
    if authority is None:
        raise Invalid("Without its certificate nobody can tell whether it is its answer.", do="Give --authority.")
    given = read(answer)
    found = verified_timestamp(given, stamped_part(evidence), read(authority))
    write_new(out_file, write_evidence_file(replace(evidence, timestamp=given)))
    tell(f"{found.by} vouches for {found.at:%Y-%m-%d %H:%M:%S} UTC; evidence written to {out_file}")
