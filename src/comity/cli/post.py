"""`comity post`: sealed letters as an operator sees them: what waits, who signed for what, what is wrong."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, print_json, print_table, tell
from comity.domain.evidence import Proof
from comity.domain.letter import Lane
from comity.domain.post import PRIORITIES, RANK
from comity.nodes.node import Node

app = typer.Typer(help="Sealed letters: what waits, who signed for what, what is wrong.", no_args_is_help=True)
LetterId = Annotated[str, typer.Argument(help="Its id, as listed.", metavar="LETTER")]


@app.command(name="list")
def list_post(node: NodeFolder, as_json: AsJson = False) -> None:
    """What waits, at a hub and at a bureau; what others want back; what is wrong."""
    with opened(node) as (here, _):
        waiting, alarms, recalls = _waiting(here), here.post.alarms(), here.recalls.every()
        if as_json:
            print_json({"waiting": waiting, "alarms": alarms, "recalls": recalls})
            return
        rows = [[one["to"], one["priority"], one["letters"], one["oldest"]] for one in waiting]
        print_table(["TO", "PRIORITY", "LETTERS", "OLDEST"], rows, "No sealed letter waits.")
        for recall in recalls:
            state = "delete what it brought" if recall.arrived else "it will not be opened"
            tell(f"{recall.sender} recalls {recall.letter} ({recall.reason or 'no reason given'}): {state}")
        for key, alarm in alarms.items():
            tell(f"ALARM {key} {alarm.noted_at:%Y-%m-%d %H:%M} {alarm.wrong}, {alarm.sender}: {alarm.what}")


@app.command()
def show(letter: LetterId, node: NodeFolder, as_json: AsJson = False) -> None:
    """Every step of a letter that is proved here: when, and who signed it. Signatures are verified anew."""
    with opened(node) as (here, _):
        proofs = here.evidence_of(letter)
        if as_json:
            print_json([{"evidence": proof.evidence, "signed": proof.signed.decode()} for proof in proofs])
            return
        print_table(
            ["STEP", "AT", "SIGNED BY", "OF", "NOTE"],
            [_row(proof, letter) for proof in proofs],
            "Nothing is proved here of that letter: it never came, went openly, or is older than evidence is kept.",
        )


@app.command()
def recall(
    letter: LetterId,
    node: NodeFolder,
    reason: Annotated[str, typer.Option(help="The recipient reads it.")],
) -> None:
    """Take a sealed letter of ours back: unopened it is destroyed, else people there are asked to delete it."""
    with opened(node) as (here, operator):
        tell(f"Letter {letter}: {here.recalls.recall(letter, reason, operator)}.")


@app.command()
def deleted(
    letter: LetterId, node: NodeFolder, sender: Annotated[str, typer.Option(help="Whose letter it was.")]
) -> None:
    """Sign for its sender that what a recalled letter brought is deleted here."""
    with opened(node) as (here, operator):
        here.recalls.deleted(sender, letter, operator)
        tell(f"{sender} gets it signed that letter {letter} is deleted here.")


@app.command()
def clear(alarm: Annotated[str, typer.Argument(help="Its id, as listed.", metavar="ALARM")], node: NodeFolder) -> None:
    """Say that somebody has looked into an alarm; the journal keeps it."""
    with opened(node) as (here, operator):
        here.post.clear(alarm, operator)
        tell("Cleared.")


@app.command()
def resume(
    sender: Annotated[str, typer.Option("--from", help="Whose letters stand still.")],
    lane: Annotated[Lane, typer.Option(help="In which lane: emergency, urgent or bulk.")],
    node: NodeFolder,
) -> None:
    """Take a lane that stands still up with the next letter that comes; its sender learns which were given up."""
    with opened(node) as (here, operator):
        here.lanes.resume(sender, lane, operator)
        tell(f"The {lane} lane of {sender} goes on with the next letter that comes; {sender} is told what was lost.")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="An empty folder, such as on a stick.", metavar="FOLDER")],
    node: NodeFolder,
    to: Annotated[str, typer.Option(help="The bureau to which the folder is carried.")],
) -> None:
    """Write the sealed letters to a bureau, the files beside them and our receipts, to carry by e-mail or by hand."""
    with opened(node) as (here, _):
        tell(f"{here.mail_drop.write(folder, to)} files for {to} in {folder}. They are sealed: any carrier will do.")


@app.command(name="import")
def import_(
    folder: Annotated[Path, typer.Argument(help="What was carried here.", metavar="FOLDER")], node: NodeFolder
) -> None:
    """Take sealed letters, files and receipts that were carried here; whatever was taken before changes nothing."""
    with opened(node) as (here, _):
        letters, receipts, files = here.mail_drop.read(folder)
        tell(f"{letters} letters and {receipts} receipts were read; {files} files beside them are whole now.")
        for key, alarm in here.post.alarms().items():
            tell(f"ALARM {key} {alarm.wrong}, {alarm.sender}: {alarm.what}")


def _waiting(here: Node) -> list[dict[str, object]]:
    """By recipient and priority: at a hub what waits to be fetched, at a bureau what has not arrived."""
    if here.here.is_hub:
        found = [
            (recipient, priority, count, oldest)
            for (recipient, priority), (count, oldest) in here.postroom.lanes().items()
        ]
    else:
        found = [
            (recipient, PRIORITIES[lane], count, oldest)
            for (recipient, lane), (count, oldest) in here.post.undelivered().items()
        ]
    return [
        {"to": recipient, "priority": priority, "letters": count, "oldest": f"{oldest:%Y-%m-%d %H:%M:%S}"}
        for recipient, priority, count, oldest in sorted(found, key=lambda one: (one[0], RANK[one[1]]))
    ]


def _row(proof: Proof, letter: str) -> list[object]:
    evidence = proof.evidence
    whose = ", ".join(f"{evidence.sender} to {one.recipient}" for one in evidence.letters if one.letter == letter)
    return [evidence.step, f"{evidence.at:%Y-%m-%d %H:%M:%S}", evidence.by, whose, evidence.reason]
