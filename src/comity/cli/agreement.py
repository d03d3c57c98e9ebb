"""`comity agreement`: check, sign, publish, list and withdraw the law a node acts under."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, iso_day, print_json, print_table, read, tell
from comity.cli.law_check import Files, check_files
from comity.cli.rulebook_choice import SHIPPED, rulebook_in
from comity.desks.bundles import Text
from comity.domain.bulletin import Proposal, ProposalState, Publication
from comity.domain.bundle import SignedBundle, SignedLaw
from comity.law.rulebook import files_of

app = typer.Typer(help="Check, sign, publish, list and withdraw agreements and laws.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Its id, or the digest of a proposal.", metavar="LAW")]
FirstDay = Annotated[str, typer.Option("--from", help="Its first day, YYYY-MM-DD; today if not said.", metavar="DAY")]


app.command(name="check")(check_files)


@app.command()
def publish(
    files: Files,
    node: NodeFolder,
    bundle: Annotated[str, typer.Option("--id", help="One name for all files together.", metavar="ID")] = "",
    first_day: FirstDay = "",
    last_day: Annotated[
        str, typer.Option("--until", help="The day by which it must be signed anew.", metavar="DAY")
    ] = "",
    rulebook: Annotated[
        Path | None,
        typer.Option(help="At the hub: with the rulebook in this folder.", metavar=f"DIR|{SHIPPED}"),
    ] = None,
) -> None:
    """Sign law and send it to the hub; an agreement also to its other parties, who sign it too.

    Each file is published by its own id, or all together by one.
    """
    together = (
        [[Text(path.name, read(path)) for path in files]]
        if bundle
        else [[Text(path.name, read(path))] for path in files]
    )
    first, last = (
        iso_day(text, name) if text else None for text, name in ((first_day, "--from"), (last_day, "--until"))
    )
    book = files_of(rulebook_in(rulebook)) if rulebook else None
    with opened(node) as (here, operator):
        for texts in together:
            told = here.bundles.publish(texts, operator, bundle, first_day=first, last_day=last, rulebook=book)
            tell(_line(told))


@app.command()
def sign(law: Name, node: NodeFolder) -> None:
    """Sign what another party proposed, exactly as it stands; read it first: `comity agreement show`."""
    with opened(node) as (here, operator):
        tell(_line(here.bundles.sign(law, operator)))


@app.command()
def withdraw(
    law: Name,
    node: NodeFolder,
    reason: Annotated[str, typer.Option(help="Every member reads it.")],
    first_day: FirstDay = "",
) -> None:
    """End what we signed: our own law as a whole, an agreement for ourselves."""
    with opened(node) as (here, operator):
        told = here.bundles.withdraw(law, iso_day(first_day, "--from") if first_day else None, reason, operator)
        tell(_line(told))


@app.command()
def show(law: Name, node: NodeFolder) -> None:
    """A bundle as it was signed: by whom, for how long, and its texts to the letter."""
    with opened(node) as (here, _):
        found = here.bundles.shown(law)
        bundle = found.bundle
        tell(f"{bundle.id} version {bundle.version}, {bundle.layer}, {bundle.valid_from} to {bundle.valid_until}")
        tell(f"signed by {', '.join(found.signed)}{_unsigned(found)}")
        tell(f"document {found.digest}, signed text {found.payload_digest}")
        for one in bundle.texts:
            tell(f"--- {one.name}, {one.sha256}")
            for line in one.text.splitlines():
                tell(line)


@app.command()
def proposals(node: NodeFolder, as_json: AsJson = False) -> None:
    """What was signed here and how far it has come, and what others propose that we sign."""
    with opened(node) as (here, _):
        found = here.bundles.proposals()
        if as_json:
            print_json(found)
            return
        if not found:
            tell("Nothing was signed or proposed here.")
        for one in found:
            tell(_line(one))


@app.command()
def adopt(files: Files, node: NodeFolder) -> None:
    """For a trial (law.trial_texts): put agreements into force at this node that nobody signed."""
    with opened(node) as (here, operator):
        for path in files:
            agreement = here.agreements.adopt(read(path), path.name, operator)
            tell(f"{here.here.node} acts under {agreement.title} ({agreement.id}), which nobody signed")


@app.command(name="list")
def list_agreements(node: NodeFolder, as_json: AsJson = False) -> None:
    """The law in use here today, by its digests, and what should be and is not."""
    with opened(node) as (here, _):
        in_use, gaps = here.agreements.every(), here.agreements.gaps()
        carried = here.agreements.published([digest for _, digest in in_use])
        if as_json:
            lines: Sequence[object] = [
                {"sha256": digest, "agreement": one, "signed": _signers(carried.get(digest))} for one, digest in in_use
            ]
            print_json([*lines, *({"gap": gap} for gap in gaps)])
            return
        rows = [
            (
                one.id,
                ", ".join(one.parties),
                one.in_force_from,
                one.in_force_until or "",
                _share(carried.get(digest)),
                digest[:16],
            )
            for one, digest in in_use
        ]
        heads = ("agreement", "parties", "from", "until", "signed", "sha256")
        print_table(heads, rows, "None: this node answers nobody.")
        for gap in gaps:
            tell(f"{gap.name}: {gap.why} {gap.needed}")


def _signers(carried: SignedLaw | None) -> tuple[str, ...]:
    return carried.signed if isinstance(carried, SignedBundle) else ()


def _share(carried: SignedLaw | None) -> str:
    if not isinstance(carried, SignedBundle):
        return "nobody"
    return f"{len(carried.signed)} of {len(carried.bundle.nodes)}"


def _unsigned(found: SignedBundle) -> str:
    missing = [node for node in found.bundle.nodes if node not in found.signed]
    return f"; not by {', '.join(missing)}" if missing else ""


def _line(one: Proposal) -> str:
    what = "withdrawal from " if one.kind is Publication.WITHDRAWAL else ""
    stands = {
        ProposalState.PROPOSED: f"proposed by {one.by}; to sign it: comity agreement sign {one.digest[:16]}",
        ProposalState.SENT: "signed, on its way to the hub",
        ProposalState.WAITING: "at the hub",
        ProposalState.PUBLISHED: "published",
        ProposalState.REFUSED: "refused by the hub",
    }[one.state]
    return f"{one.digest[:16]}  {what}{one.id} version {one.version}: {stands}{one.note and f'. {one.note}'}"
