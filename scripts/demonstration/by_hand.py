"""What to try after the story, with the commands as they can be typed here."""

import json
import shlex
from pathlib import Path

from rich.text import Text

from comity.testing.processes import OFFICERS, RunningFederation
from demonstration import cast
from demonstration.ground import DOCUMENTS, Ground
from demonstration.terminal import chapter, console, say


def tell(ground: Ground, federation: RunningFederation) -> None:
    chapter("Try it yourself, in a second terminal")
    say("In the folder that you ran this from:")
    _typed(". .venv/bin/activate")
    document, vehicle = _first(ground, "corvia", "sltd"), _first(ground, "bergenia", "smv")
    ada = ("--case", "MY-1", "--profile", ground.profile("ada"))
    say("A stolen document of Corvia, a stolen car of Bergenia, a person, and nobody:")
    number = ("--country", "XCV", "--number", document["number"])
    _comity("lookup", "document", *number, "--purpose", "border-control", *ada)
    _comity("lookup", "vehicle", "--vin", vehicle["vin"], "--purpose", "border-control", *ada)
    _comity("lookup", "person", "Radomila Vetrogradova", "--purpose", "wanted-persons", *ada)
    _comity("lookup", "person", cast.NOBODY, "--purpose", "wanted-persons", *ada)
    say("What each officer has to do; what each node wrote down; who is a member; what the law is:")
    _comity("hits", "list", "--profile", ground.profile("ben"))
    _comity("journal", "show", "--node", ground.node("aldova"), "--limit", "20")
    _comity("member", "list", "--node", ground.node("hub"))
    _comity("agreement", "list", "--node", ground.node("corvia"))
    say("The same over HTTP, as a national system would; the address describes itself (OpenAPI 3.1):")
    door = federation["aldova"].settings.officer
    address, trust = f"https://{door.host}:{door.port}", f"{ground.node('aldova')}/keys/tls.pem"
    trust = str(_certificate(ground))
    _typed(f"curl --cacert {trust} {address}/openapi.json")
    body = json.dumps({"country": "XCV", "number": document["number"], "purpose": "border-control", "case": "MY-2"})
    token = f"$(sed -n 's/^token = \"\\(.*\\)\"/\\1/p' {ground.profile('ada')})"
    _typed(
        f"curl --cacert {trust} -H \"Authorization: Bearer {token}\" -H 'Content-Type: application/json' "
        f"-d {shlex.quote(body)} {address}/v1/lookups/document"
    )
    say("In a browser on this machine, where anyone signs in as anyone; who has an account there:")
    for name, node in federation.nodes.items():
        if (page := node.settings.console) is not None:
            people = ", ".join(f"{one.login} ({', '.join(one.roles)})" for one in OFFICERS if one.node == name)
            say(f"  {name:9} {page.address}   {people or 'nobody yet: comity account open'}")
    say("Health and metrics of each node:")
    for name, node in federation.nodes.items():
        watch = node.settings.watch
        say(f"  {name:9} http://{watch.host}:{watch.port}/health/ready   http://{watch.host}:{watch.port}/metrics")
    say(f"All data lies in {ground.folder}: a folder for each node, logs/ for their logs, profiles/ for the officers'")
    say(
        f"tokens (good for 12 hours). To begin anew with {sum(DOCUMENTS.values()):,} documents, remove {ground.folder}."
    )


def _certificate(ground: Ground) -> Path:
    profile = Path(ground.profile("ada")).read_text("utf-8")
    return Path(next(line.split('"')[1] for line in profile.splitlines() if line.startswith("trust")))


def _first(ground: Ground, name: str, collection: str) -> dict[str, str]:
    """The first record of a file that this bureau entered."""
    with open(ground.folder / "records" / f"{name}-{collection}.jsonl", "rb") as file:
        subject: dict[str, str] = json.loads(file.readline())["subject"]
    return subject


def _comity(*words: str) -> None:
    _typed(shlex.join(("comity", *words)))


def _typed(line: str) -> None:
    console.print(Text(f"  {line}", style="cyan"))
