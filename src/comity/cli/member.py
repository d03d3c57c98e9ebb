"""`comity member`: bring a bureau into a federation by comparing fingerprints, and see who is in it."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import AsJson, NodeFolder, must_be_new, opened, print_json, read, tell, write_new
from comity.nodes import enrolment

app = typer.Typer(help="Invite, join, approve, list and suspend members.", no_args_is_help=True)
Member = Annotated[str, typer.Argument(help="Its short name.", metavar="NAME")]
OutFile = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")]
Fingerprint = Annotated[str, typer.Option(help="As the other side's people read it to you by telephone.")]
Reason = Annotated[str, typer.Option(help="Every member reads it.")]


@app.command()
def invite(
    member: Member,
    node: NodeFolder,
    out_file: OutFile,
    country: Annotated[str, typer.Option(help="Its country, two letters; it can come in for no other.")],
) -> None:
    """At the hub: write the invitation that goes to one bureau."""
    must_be_new(out_file)
    with opened(node) as (hub, operator):
        data = enrolment.invitation(node, hub.members, hub.keys.node, member, country, operator)
        write_new(out_file, data)
        tell(f"invitation for {member} written to {out_file}; send it, and read this to its people by telephone:")
        tell(f"fingerprint of {hub.here.node}  {hub.fingerprint}")


@app.command()
def join(
    invitation: Annotated[Path, typer.Argument(help="The file from the hub.")],
    node: NodeFolder,
    fingerprint: Fingerprint,
    out_file: OutFile,
) -> None:
    """At the bureau: check the hub's fingerprint, then write the request that goes back to the hub."""
    must_be_new(out_file)
    with opened(node) as (bureau, operator):
        request = enrolment.membership_request(
            node, bureau.members, read(invitation), fingerprint, bureau.keys.root, bureau.clock(), operator
        )
        write_new(out_file, request)
        tell(f"request written to {out_file}; send it to the hub, and read this to its people by telephone:")
        tell(f"fingerprint of {bureau.here.node}  {bureau.fingerprint}")


@app.command()
def approve(
    request: Annotated[Path, typer.Argument(help="The file from the bureau.")],
    node: NodeFolder,
    fingerprint: Fingerprint,
) -> None:
    """At the hub: check the bureau's fingerprint and admit it."""
    with opened(node) as (hub, operator):
        directory = enrolment.admitted(hub.members, read(request), fingerprint, operator)
        tell(f"directory version {directory.version} signed: {', '.join(one.id for one in directory.members)}")


@app.command(name="list")
def list_members(node: NodeFolder, as_json: AsJson = False) -> None:
    """All members as this node knows them, with their fingerprints, and open invitations."""
    with opened(node) as (here, _):
        directory = here.members.directory()
        members = directory.members if directory else ()
        if as_json:
            print_json(
                [
                    {
                        "id": one.id,
                        "role": one.manifest.role,
                        "country": one.manifest.country,
                        "standing": one.standing,
                        "reason": one.reason,
                        "fingerprint": one.fingerprint,
                        "address": one.manifest.address,
                    }
                    for one in members
                ]
            )
            return
        if not members:
            tell("No directory is held yet.")
        for one in members:
            country = f" {one.manifest.country}" if one.manifest.country else ""
            reason = f" ({one.reason})" if one.reason else ""
            tell(f"{one.id}: {one.manifest.role}{country}, {one.standing}{reason}, {one.manifest.address}")
            tell(f"    {one.fingerprint}")
        for invited, until in here.members.invitations():
            tell(f"invited: {invited}, until {until:%d %b %Y %H:%M} UTC")


@app.command()
def suspend(member: Member, node: NodeFolder, reason: Reason) -> None:
    """At the hub: from the next directory on nobody answers or asks this member; its letters wait."""
    with opened(node) as (hub, operator):
        directory = hub.members.suspend(member, reason, operator)
        tell(f"{member} suspended; directory version {directory.version} signed")


@app.command()
def restore(member: Member, node: NodeFolder, reason: Reason) -> None:
    """At the hub: end a suspension."""
    with opened(node) as (hub, operator):
        directory = hub.members.restore(member, reason, operator)
        tell(f"{member} restored; directory version {directory.version} signed")
