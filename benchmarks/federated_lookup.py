"""One lookup end to end between two real processes, and what share each of its steps takes.

Aldova's officer asks by VIN over HTTPS; Aldova's node asks the hub, which holds Bergenia's stolen vehicles. Everything
is on: TLS 1.3 both ways, two signatures on request and answer, both laws, journal entries and a nonce, durable
before the next step. Bergenia's own process rests meanwhile: a VIN alone is asked of nobody but the hub.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from benchmarks.figures import mean, milliseconds, quantile, told
from comity.client import Comity
from comity.client.line import Line
from comity.domain.errors import Unavailable
from comity.domain.lookup import Answer, Outcome
from comity.formats import jsonlines
from comity.keys import files
from comity.law.shipped import model_agreements
from comity.testing import fictitious
from comity.testing.processes import (
    CAST,
    HOST,
    RunningFederation,
    RunningNode,
    found,
    free_ports,
    opened,
    sign_in,
    wait_until,
)

ASKED, WARMING = 400, 50
VEHICLES = 5_000
UNKNOWN_VIN = "ZZ9X000X00X000000"

# at whom, the step as docs/performance.md names it, the measured steps it is the sum of, what is taken off again
SHARES = (
    ("client", "client, TLS and HTTP to the officer door", ("whole",), ("aldova officer door",)),
    ("asker", "token", ("aldova token",), ()),
    ("asker", "own law; question journalled", ("aldova admit",), ()),
    ("asker", "write and sign the request", ("aldova write question", "aldova sign request"), ()),
    ("line", "TLS and HTTP between the nodes", ("aldova line",), ("hub federation door",)),
    ("answerer", "verify the request", ("hub verify request", "hub read question"), ()),
    ("answerer", "decide by the law, search, release", ("hub decide and search",), ()),
    ("answerer", "answer, nonce, hit and alert kept", ("hub answer",), ("hub decide and search",)),
    ("answerer", "write and sign the answer", ("hub write answer", "hub sign answer"), ()),
    ("asker", "verify and read the answer", ("aldova verify answer", "aldova read answer"), ()),
    ("asker", "own law for the officer; shown, journalled", ("aldova show",), ()),
)


class _TimedNode(RunningNode):
    """The same node, its steps timed from outside."""

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "benchmarks.timed_node", str(self.folder), str(self.out))

    @property
    def out(self) -> Path:
        return self.folder / "taken.json"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        federation = found(Path(folder), model_agreements(), CAST[:3], first_port=22_000)
        vins = _filled(federation)
        nodes = {name: _TimedNode(federation[name].folder, federation[name].log_file) for name in ("hub", "aldova")}
        for kind, asked in (("no record", [UNKNOWN_VIN] * ASKED), ("hit", vins[:ASKED])):
            for node in nodes.values():
                node.start()
                node.wait_until_ready()
            whole = _asked(federation, asked, Outcome.NO_RECORD if kind == "no record" else Outcome.HIT)
            for node in nodes.values():
                node.stop()
            hello = _hello(nodes["aldova"])
            _tell(kind, whole, hello, {name: node.out for name, node in nodes.items()})


def _filled(federation: RunningFederation) -> list[str]:
    """Bergenia's vehicles are at the hub; Bergenia then rests. Their VINs."""
    file = federation.folder / "vehicles.jsonl"
    file.write_bytes(b"".join(fictitious.make("smv", VEHICLES, 1, "XB")))
    with opened(federation["bergenia"].folder) as (node, operator):
        begun = node.records.begin(file.name, "0" * 64, "smv", "", operator)
        node.records.enter(begun, jsonlines.read(file), operator)
    federation.start()
    with opened(federation["hub"].folder) as (hub, _):

        def all_there() -> bool:
            with hub.store.reading() as tx:
                return tx.records.count().get("smv", 0) == VEHICLES

        wait_until(all_there, "the hub holds the vehicles")
    federation.stop()
    return [msgspec.json.decode(line)["subject"]["vin"] for line in file.read_bytes().splitlines()]


def _asked(federation: RunningFederation, vins: list[str], expected: Outcome) -> list[float]:
    ada = sign_in(federation["aldova"].folder, "ada")
    for _ in range(WARMING):
        _ask(ada, UNKNOWN_VIN)
    taken = []
    for vin in vins:
        began = time.perf_counter()
        answer = _ask(ada, vin)
        taken.append((time.perf_counter() - began) * 1000)
        outcome = next(source.outcome for source in answer.sources if source.source == "hub")
        assert outcome is expected, f"the hub's answer is {outcome}, not {expected}"
    return taken


def _ask(ada: Comity, vin: str) -> Answer:
    return ada.lookup_vehicle(purpose="border-control", case="B-1", vin=vin)


def _tell(kind: str, whole: list[float], hello: list[float], outs: dict[str, Path]) -> None:
    steps = {"whole": whole}
    for name, out in outs.items():
        taken = msgspec.json.decode(out.read_bytes(), type=dict[str, list[float]])
        # The last of each: before them the warming up. A node also follows the directory now and then: a few of 400.
        steps |= {f"{name} {step}": times[-len(whole) :] for step, times in taken.items()}
    p50, p99, greeting = quantile(whole, 0.5), quantile(whole, 0.99), quantile(hello, 0.5)
    told(
        f"federated lookup, {kind}: {len(whole)} asked one after the other",
        ("", "p50 ms", "p99 ms", "p50 as a multiple of hello"),
        [
            ("hello: the same server, TLS and client, nothing else", greeting, quantile(hello, 0.99), 1.0),
            ("lookup at two nodes", p50, p99, p50 / greeting),
        ],
    )
    rows: list[tuple[str, str, float, float]] = []
    for where, what, plus, minus in SHARES:
        spent = sum(mean(steps[step]) for step in plus) - sum(mean(steps[step]) for step in minus)
        rows.append((what, where, spent, 100 * spent / mean(whole)))
    rest = mean(whole) - sum(row[2] for row in rows)
    rows.append(("everything else: threads waking, own search beside it", "both", rest, 100 * rest / mean(whole)))
    told("where the time goes, means", ("step", "at", "ms", "%"), rows)


def _hello(node: RunningNode) -> list[float]:
    """What the same server, TLS and client need to say hello, in a process of its own."""
    port = free_ports(1, 23_000)
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.hello", str(node.folder), str(port)])
    line = Line(f"https://{HOST}:{port}", "", files.load(node.folder / "keys").tls_certificate_file)
    try:
        wait_until(lambda: _answers(line), "hello is said")
        milliseconds(lambda: line.send("GET", "/", ""), WARMING)
        return milliseconds(lambda: line.send("GET", "/", ""), ASKED)
    finally:
        server.terminate()
        server.wait()


def _answers(line: Line) -> bool:
    try:
        return line.send("GET", "/", "") == b"hello"
    except Unavailable:
        return False
