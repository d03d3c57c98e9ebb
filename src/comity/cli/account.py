"""`comity account`: the officers and systems of a bureau, and the tokens by which they are known."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, print_json, print_table, tell, write_new
from comity.domain.caller import Role
from comity.domain.circumstances import EntityKind
from comity.domain.errors import Conflict, Invalid
from comity.nodes.enrolment import is_wildcard
from comity.nodes.node import Node

app = typer.Typer(help="Open, list, suspend and restore accounts; issue tokens.", no_args_is_help=True)
Login = Annotated[str, typer.Argument(help="The account's short name.", metavar="LOGIN")]
Reason = Annotated[str, typer.Option(help="Why; it is journalled.")]


@app.command(name="open")
def open_account(
    login: Login,
    node: NodeFolder,
    role: Annotated[list[Role], typer.Option(help="Repeat for several.")],
    unit: Annotated[str, typer.Option(help="Where the officer works; other bureaus see it.")],
    name: Annotated[str, typer.Option(help="The officer's name; it never leaves the bureau.")] = "",
) -> None:
    """Open an account for a person or a system."""
    with opened(node) as (bureau, operator):
        account = bureau.accounts.open(login, name or login, unit, role, operator)
        tell(f"account {account.login} opened ({', '.join(sorted(account.roles))})")


@app.command(name="list")
def list_accounts(node: NodeFolder, as_json: AsJson = False) -> None:
    """All accounts of this bureau."""
    with opened(node) as (bureau, operator):
        accounts = bureau.accounts.every(operator)
        if as_json:
            print_json(accounts)
            return
        rows = [
            (one.login, one.name, one.unit, ", ".join(sorted(one.roles)), "suspended" if one.suspended else "", one.id)
            for one in accounts
        ]
        print_table(("login", "name", "unit", "roles", "", "id"), rows, "No accounts yet: `comity account open`.")


@app.command()
def passkey(login: Login, node: NodeFolder) -> None:
    """Make a link by which a person registers a passkey at the console, once."""
    with opened(node) as (bureau, operator):
        console = bureau.settings.console
        if console is None:
            raise Conflict("This node has no console.", do="Write a section [console] into its settings.")
        link, ends_at = bureau.passkeys.invite(login, operator)
        tell(f"for {login} alone, once, until {ends_at:%Y-%m-%d %H:%M} UTC; hand it over in person:")
        tell(f"{console.address}/enrol?link={link}")


@app.command()
def unit(
    node: NodeFolder,
    name: Annotated[str, typer.Argument(help="As the accounts have it; none: list them.", metavar="[UNIT]")] = "",
    kind: Annotated[EntityKind | None, typer.Option(help="Which kind of body it belongs to.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say which kind of body a unit belongs to, or list those that are not the bureau's own."""
    with opened(node) as (bureau, operator):
        if name and kind is not None:
            bureau.accounts.place(name, kind, operator)
            tell(f"officers of {name} ask as {kind}")
            return
        if name or kind is not None:
            raise Invalid("A unit and its kind go together.", where="--kind", do="Give UNIT and --kind, or neither.")
        units = bureau.accounts.units(operator)
        if as_json:
            print_json(units)
            return
        print_table(("unit", "kind"), list(units.items()), "No unit was placed: all are the bureau's own.")


@app.command()
def token(
    login: Login,
    node: NodeFolder,
    minutes: Annotated[
        int, typer.Option(help="How long it is good: a person's at most 12 hours, a system's 366 days.")
    ] = 60,
    save: Annotated[
        Path | None, typer.Option(help="Write a profile for `comity lookup` instead of printing it.")
    ] = None,
) -> None:
    """Sign someone in: a token, shown this once."""
    if save is not None:
        _check_replaceable(save)
    with opened(node) as (bureau, operator):
        secret, until = bureau.accounts.issue(login, timedelta(minutes=minutes), operator)
        if save is None:
            tell(secret)
            return
        save.unlink(missing_ok=True)
        write_new(save, _profile(bureau, secret).encode())
        tell(f"profile for {login} written to {save}, good until {until:%d %b %Y %H:%M} UTC")


@app.command()
def suspend(login: Login, node: NodeFolder, reason: Reason) -> None:
    """End all tokens of an account at once."""
    with opened(node) as (bureau, operator):
        bureau.accounts.suspend(login, reason, operator)
        tell(f"{login} suspended; its tokens have ended")


@app.command()
def restore(login: Login, node: NodeFolder, reason: Reason) -> None:
    """Let a suspended account sign in again."""
    with opened(node) as (bureau, operator):
        bureau.accounts.restore(login, reason, operator)
        tell(f"{login} restored")


def _check_replaceable(save: Path) -> None:
    """A profile takes the place of an earlier one, and of nothing else."""
    if save.exists() and not (save.is_file() and save.read_bytes().startswith(b'url = "')):
        raise Conflict(f"{save} is there already and is no profile.", do="Choose another name or move it away.")


def _profile(bureau: Node, secret: str) -> str:
    officer, address = bureau.settings.officer, urlsplit(bureau.manifest.address)
    host = address.hostname or "" if is_wildcard(officer.host) else officer.host
    url = f"https://{f'[{host}]' if ':' in host else host}:{officer.port}"
    fields = {"url": url, "token": secret, "trust": str(bureau.keys.tls_certificate_file.resolve())}
    return "".join(f"{key} = {msgspec.json.encode(value).decode()}\n" for key, value in fields.items())
