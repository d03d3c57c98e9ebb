"""`comity node`: make a node, show it, run it."""

import re
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, login, print_json, tell
from comity.domain.bureau import NodeRole
from comity.nodes.enrolment import create_node, operator_of, own_manifest
from comity.nodes.node import utc_now
from comity.nodes.run import run
from comity.nodes.settings import (
    DatabaseSettings,
    FederationSettings,
    NodeSettings,
    OfficerSettings,
    Settings,
    WatchSettings,
    read_settings,
)
from comity.storage import database

app = typer.Typer(help="Make a node, show it, run it.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="The node's folder.", metavar="DIR")]


@app.command()
def init(
    folder: Folder,
    role: Annotated[NodeRole, typer.Option(help="A bureau belongs to a country; a hub connects bureaus.")],
    name: Annotated[str, typer.Option(help='What people call it, such as "Aldova".')],
    country: Annotated[str, typer.Option(help="Two letters (ISO 3166-1); compulsory for a bureau.")] = "",
    node_id: Annotated[str, typer.Option("--id", help="Its short name; made from --name where not given.")] = "",
    contact: Annotated[str, typer.Option(help="Where the duty desk is reached day and night.")] = "",
    host: Annotated[str, typer.Option(help="Where its doors listen.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Of the federation door; officers get the next, health and metrics the next.")
    ] = 7701,
    address: Annotated[str, typer.Option(help="How other nodes reach it; https://HOST:PORT where not given.")] = "",
    database: Annotated[str, typer.Option(help="PostgreSQL URL; SQLite in the folder where not given.")] = "",
) -> None:
    """Make a node: keys, certificate, settings and database in DIR."""
    settings = Settings(
        node=NodeSettings(
            id=node_id or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
            name=name,
            role=role,
            country=country.upper(),
            contact=contact or f"duty desk of {name}",
        ),
        database=DatabaseSettings(url=database),
        federation=FederationSettings(host=host, port=port, address=address or f"https://{_in_url(host)}:{port}"),
        officer=OfficerSettings(host=host, port=port + 1),
        watch=WatchSettings(port=port + 2),
    )
    fingerprint = create_node(folder, settings, utc_now(), operator_of(settings.node, login()))
    tell(f"{role} {settings.node.id} made in {folder}")
    tell(f"fingerprint  {fingerprint}")
    if role is NodeRole.HUB:
        tell(f"next: comity node run {folder}, then comity member invite --node {folder} …")
    else:
        tell(f"next: comity member join --node {folder} INVITATION --fingerprint … (read to you by the hub's people)")


@app.command()
def show(folder: Folder, as_json: AsJson = False) -> None:
    """Say who the node is, with the fingerprint to read aloud in the ceremony."""
    settings = read_settings(folder)
    manifest, _, fingerprint = own_manifest(folder)
    if as_json:
        print_json(
            {"id": manifest.node, "role": manifest.role, "country": manifest.country, "fingerprint": fingerprint}
        )
        return
    tell(f"{manifest.role} {manifest.node} ({manifest.name}{', ' + manifest.country if manifest.country else ''})")
    tell(f"fingerprint  {fingerprint}")
    tell(f"federation   {manifest.address}")
    if manifest.role is NodeRole.BUREAU:
        tell(f"officers     https://{_in_url(settings.officer.host)}:{settings.officer.port}")
    tell(f"watch        http://{_in_url(settings.watch.host)}:{settings.watch.port}/health/ready")


@app.command(name="run")
def run_node(folder: Folder) -> None:
    """Run the node until SIGTERM or Ctrl-C; what is under way is finished."""
    run(folder)


@app.command()
def upgrade(folder: Folder) -> None:
    """Bring the database of an earlier release to this one, and build its index. Stop the node, make a backup first."""
    database.upgrade(read_settings(folder).database_url(folder))
    with opened(folder) as (node, _):
        tell(f"the database of {node.here.node} is of this release")
        tell(f"sealed: {node.store.seal_contents()} letters, messages, cases")
        tell(f"index: {node.store.index.rebuild()} records")


@app.command()
def compact(folder: Folder) -> None:
    """Write the database anew, so that nothing erased is left in its files. For quiet hours: whoever writes waits."""
    with opened(folder) as (node, _):
        node.store.compact()
        tell(f"the database of {node.here.node} was written anew")


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
