"""`comity keys`: whose keys a node knows; custodians, their signatures, revocation, recovery."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, login, must_be_new, print_json, read, tell, write_new
from comity.domain import limits
from comity.domain.bureau import Manifest
from comity.domain.errors import Invalid, Missing
from comity.domain.keys import KeyManifest, Revocation, Root
from comity.keys.custody import CustodianKeys, new_custodian, open_custodian, read_card, write_card
from comity.keys.own import weeks_left
from comity.keys.recovery import begin, read_package, read_request, recovered
from comity.keys.recovery import release as released
from comity.nodes.node import Node, utc_now
from comity.nodes.preserved import custodians_of, restore
from comity.nodes.renewal import prepare
from comity.wire.age import Identity
from comity.wire.keys import Chain, epoch_key_id, node_keys
from comity.wire.manifest import node_pair
from comity.wire.signing_request import contribution, write
from comity.wire.signing_request import read_request as read_signing_request

app = typer.Typer(help="Custodians, keys by the week, revocation, recovery.", no_args_is_help=True)

OutFile = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")]
CustodianFile = Annotated[Path, typer.Option("--custodian", help="Your own file, which you keep.", metavar="FILE")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file with your passphrase; asked for if left out.")
]
PackageFile = Annotated[Path, typer.Argument(help="The recovery package.", metavar="PACKAGE")]


@app.command()
def show(
    node: NodeFolder,
    member: Annotated[str, typer.Option(help="Of this member alone.")] = "",
    as_json: AsJson = False,
) -> None:
    """Whose keys this node knows, until when they are good, and what somebody should see to."""
    with opened(node) as (here, _):
        directory, now = here.directory(), here.clock()
        names = [one.id for one in directory.members if member in ("", one.id)] if directory else [here.here.node]
        chains = {name: here.key_book.chain_of(name) for name in names}
        if here.here.node in names:
            chains[here.here.node] = here.own_keys.chain()
        if as_json:
            print_json({name: _as_json(chain, now) for name, chain in chains.items()})
            return
        for name, chain in chains.items():
            for line in _lines(name, chain, now):
                tell(line)
        for advice in filter(None, (here.own_keys.advice(), here.preserved.advice())):
            tell(f"warning: {advice}")


@app.command()
def custodian(
    name: Annotated[str, typer.Argument(help="Your short name.", metavar="NAME")],
    out_file: OutFile,
    card: Annotated[Path, typer.Option("--card", help="What you hand to the node, to write.", metavar="FILE")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """As a custodian, on a machine of your own: make the keys that you keep, and your card."""
    for file in (out_file, card):
        must_be_new(file)
    data, keys = new_custodian(name, _passphrase(passphrase_file, confirm=True))
    write_new(out_file, data)
    write_new(card, write_card(keys.card))
    tell(f"keep {out_file} offline, in two places; hand {card} to the node, and read this to its people:")
    tell(f"key of {name}  {keys.signer.public.key_ids[0]}")


@app.command()
def ceremony(
    cards: Annotated[list[Path], typer.Argument(help="The card of each custodian.", metavar="CARD...")],
    node: NodeFolder,
    out_file: OutFile,
    threshold: Annotated[int, typer.Option(help="So many of them must sign together.")] = 2,
) -> None:
    """Hand the root over to custodians, or change who they are: write the request that goes round."""
    must_be_new(out_file)
    with opened(node) as (here, _):
        request = here.own_keys.hand_over([read_card(read(card)) for card in cards], threshold)
        write_new(out_file, write(request))
        said = request.of
        assert isinstance(said, Root)
        tell(f"request written to {out_file}: root {said.version} of {said.node}, {custodians_of(said)}")
        tell("compare the key of each with its custodian by voice; then `comity keys sign`, `comity keys gather`")


@app.command()
def sign(
    request: Annotated[Path, typer.Argument(help="What goes round.", metavar="REQUEST")],
    custodian: CustodianFile,
    out_file: OutFile,
    passphrase_file: PassphraseFile = None,
) -> None:
    """As a custodian: see what is to be signed, and sign it."""
    must_be_new(out_file)
    asked = read_signing_request(read(request))
    for line in _said(asked.of):
        tell(line)
    keys = _open(custodian, passphrase_file)
    write_new(out_file, write(contribution(asked, keys.name, keys.signer)))
    tell(f"signed by {keys.name}; hand {out_file} back")


@app.command()
def gather(
    signatures: Annotated[list[Path], typer.Argument(help="What custodians have signed.", metavar="FILE...")],
    node: NodeFolder,
) -> None:
    """Put the custodians' signatures under what waits for them; the running node publishes it."""
    with opened(node) as (here, _):
        chain = here.own_keys.gather([read(file) for file in signatures])
        here.preserved.keep(chain, here.pinned())
        for line in _lines(here.here.node, chain, here.clock()):
            tell(line)
        _tell_what_waits(here)


@app.command()
def rotate(node: NodeFolder) -> None:
    """Make the next key manifest now, with keys for eight weeks."""
    with opened(node) as (here, _):
        _tell_signed(here, here.own_keys.rotate())


@app.command()
def renew(
    node: NodeFolder,
    address: Annotated[str, typer.Option(help="Where others reach it from then on.", metavar="https://HOST:PORT")] = "",
) -> None:
    """Give this node new signing keys, a new certificate, perhaps another address; the running node takes them up."""
    with opened(node) as (here, _):
        after = prepare(here.folder, here.settings, here.manifest, here.keys.root, address, here.clock())
        _tell_renewal(after)


@app.command()
def revoke(
    kid: Annotated[str, typer.Option("--key", help="As `comity keys show` names it.", metavar="KEY")],
    node: NodeFolder,
    reason: Annotated[str, typer.Option(help="Every member reads it.")],
    since: Annotated[str, typer.Option(help="From when others may have had it, as 2026-01-31T12:00:00Z.")],
) -> None:
    """Say that a key of this node is not to be believed any more, for ever."""
    with opened(node) as (here, _):
        _known(here, kid)
        revocation = Revocation(kid=kid, since=_moment(since), reason=reason)
        _tell_signed(here, here.own_keys.rotate((revocation,)))


@app.command(name="ask-recovery")
def ask_recovery(
    package: PackageFile,
    out_file: OutFile,
    secret: Annotated[Path, typer.Option("--secret", help="The key for this once, to write.", metavar="FILE")],
) -> None:
    """After a node is lost: write the request that goes to its custodians."""
    for file in (out_file, secret):
        must_be_new(file)
    once, request = begin(read_package(read(package)))
    write_new(secret, once.text.encode())
    write_new(out_file, request)
    tell(f"send {out_file} with {package} to the custodians, and read this to each by telephone:")
    tell(f"key of this recovery  {once.recipient.key_id}")


@app.command()
def release(
    request: Annotated[Path, typer.Argument(help="Who asks.", metavar="REQUEST")],
    package: PackageFile,
    custodian: CustodianFile,
    key: Annotated[str, typer.Option(help="Of this recovery, as its people read it to you by telephone.")],
    out_file: OutFile,
    passphrase_file: PassphraseFile = None,
) -> None:
    """As a custodian: give what you hold of a package to whoever recovers, once you have compared by voice who asks."""
    must_be_new(out_file)
    asked, opened_package = read_request(read(request)), read_package(read(package))
    keys = _open(custodian, passphrase_file)
    write_new(out_file, released(opened_package, asked, keys, key))
    tell(f"released by {keys.name} for {asked.node}; send {out_file} back")


@app.command()
def recover(
    package: PackageFile,
    releases: Annotated[list[Path], typer.Argument(help="What custodians released.", metavar="FILE...")],
    secret: Annotated[Path, typer.Option("--secret", help="The key for this once.", metavar="FILE")],
    to: Annotated[Path, typer.Option("--to", help="The folder to put it in.", metavar="DIR")],
) -> None:
    """Bring a lost node back, or a founding key that was handed over, into a folder."""
    opened_package = read_package(read(package))
    once = Identity.parse(read(secret).decode("ascii", "replace").strip())
    files = recovered(opened_package, once, [read(file) for file in releases])
    if set(files) == {"keys/root.json"}:
        file = to / "keys" / "root.json"
        must_be_new(file)
        write_new(file, files["keys/root.json"])
        tell(f"the founding key of {opened_package.node} is in {file}: take it away again when you have used it")
        return
    name = restore(to, files, utc_now(), f"operator:{login()}")
    tell(f"{name} is back in {to}, with {len(files)} files; next: comity keys show --node {to}, comity node run {to}")


def _known(here: Node, kid: str) -> None:
    chain = here.own_keys.chain()
    manifest = chain.manifest if chain else None
    ours = {*node_keys(manifest).key_ids, *map(epoch_key_id, manifest.epochs)} if manifest else set()
    if kid not in ours:
        raise Missing(f"{kid} is no key of this node.", do="See `comity keys show`.")


def _tell_renewal(after: Manifest) -> None:
    tell(f"manifest {after.version} of {after.node} is signed: {after.address}")
    for kid in node_pair(after).key_ids:
        tell(f"    node key: {kid}")
    days = limits.KEYS_OVERLAP_DAYS
    tell(f"the running node brings it to the hub and then uses it; what it had before holds for {days} more days")


def _tell_signed(here: Node, said: KeyManifest) -> None:
    here.preserved.keep(here.own_keys.chain(), here.pinned())
    for line in _said(said):
        tell(line)
    _tell_what_waits(here)


def _tell_what_waits(here: Node) -> None:
    if here.own_keys.documents.request() is not None:
        tell(f"next: {here.folder / 'keys' / 'to-sign.json'} must go to the custodians, and then comity keys gather")
    else:
        tell("signed; the running node publishes it")


def _said(said: Root | KeyManifest) -> list[str]:
    """What a custodian reads before they sign."""
    until = f"{said.issued_at:%d %b %Y %H:%M} to {said.expires_at:%d %b %Y %H:%M} UTC"
    if isinstance(said, Root):
        keys = [f"    {one.name}: ed25519 {one.ed25519}" for one in said.custodians]
        return [f"root {said.version} of {said.node}, {until}: {custodians_of(said)}", *keys]
    lines = [f"key manifest {said.version} of {said.node}, {until}, {len(said.epochs)} weeks"]
    lines += [f"    week from {one.begins_at:%d %b %Y}: {epoch_key_id(one)}" for one in said.epochs]
    lines += [f"    node key: {kid}" for kid in node_keys(said).key_ids]
    return lines + [
        f"    revoked: {one.kid}, since {one.since:%d %b %Y %H:%M}: {one.reason}" for one in said.revocations
    ]


def _lines(name: str, chain: Chain | None, now: datetime) -> list[str]:
    if chain is None:
        return [f"{name}: no keys are published"]
    lines = [f"{name}: root {chain.root.version}, {custodians_of(chain.root)}, until {chain.root.expires_at:%d %b %Y}"]
    if chain.manifest is None:
        return [*lines, "    no key manifest is published"]
    weeks = weeks_left(chain.manifest, now)
    return [
        *lines,
        f"    keys for {weeks} of {limits.EPOCHS_AHEAD} weeks",
        *(f"    {one}" for one in _said(chain.manifest)),
    ]


def _as_json(chain: Chain | None, now: datetime) -> object:
    if chain is None:
        return None
    manifest = chain.manifest
    return {
        "root": chain.root.version,
        "threshold": chain.root.threshold,
        "custodians": [one.name for one in chain.root.custodians],
        "version": manifest.version if manifest else 0,
        "expires_at": manifest.expires_at if manifest else None,
        "weeks_left": weeks_left(manifest, now) if manifest else 0,
        "epochs": {str(one.number): epoch_key_id(one) for one in manifest.epochs} if manifest else {},
        "revocations": manifest.revocations if manifest else (),
    }


def _open(file: Path, passphrase_file: Path | None) -> CustodianKeys:
    return open_custodian(read(file), _passphrase(passphrase_file))


def _passphrase(file: Path | None, confirm: bool = False) -> str:
    if file is None:
        text: str = typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm)
        return text
    try:
        return read(file).decode("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        raise Invalid(f"{file} holds no passphrase.", do="Write it as text.") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(f"{text!r} is no moment.", where="--since", do="Write 2026-01-31T12:00:00Z.")
    return moment
