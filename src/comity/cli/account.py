"""`comity account`: the officers and systems of a bureau, and the tokens by which they are known."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import AsJson, NodeFolder, opened, out, print_json, print_table, write_new
from comity.domain.caller import Role
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
        out.print(f"account {account.login} opened ({', '.join(sorted(account.roles))})")


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
    with opened(node) as (bureau, operator):
        secret, until = bureau.accounts.issue(login, timedelta(minutes=minutes), operator)
        if save is None:
            out.print(secret)
            return
        save.unlink(missing_ok=True)
        write_new(save, _profile(bureau, secret).encode())
        out.print(f"profile for {login} written to {save}, good until {until:%d %b %Y %H:%M} UTC")


@app.command()
def suspend(login: Login, node: NodeFolder, reason: Reason) -> None:
    """End all tokens of an account at once."""
    with opened(node) as (bureau, operator):
        bureau.accounts.suspend(login, reason, operator)
        out.print(f"{login} suspended; its tokens have ended")


@app.command()
def restore(login: Login, node: NodeFolder, reason: Reason) -> None:
    """Let a suspended account sign in again."""
    with opened(node) as (bureau, operator):
        bureau.accounts.restore(login, reason, operator)
        out.print(f"{login} restored")


def _profile(bureau: Node, secret: str) -> str:
    officer = bureau.settings.officer
    trust = bureau.keys.tls_certificate_file.resolve()
    return f'url = "https://{officer.host}:{officer.port}"\ntoken = "{secret}"\ntrust = "{trust}"\n'
