"""The ground of the demonstration: four nodes founded once in one folder, filled once, and started each time."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from comity import __version__
from comity.domain import limits
from comity.law.shipped import model_agreements, sea_council
from comity.nodes.node import Node
from comity.nodes.settings import FILE_NAME
from comity.testing import processes
from comity.testing.processes import CAST, DOORS, OFFICERS, RunningFederation, RunningNode
from demonstration import cast
from demonstration.terminal import WentWrong, chapter, expect, printed, run, say, shown, timed, typed, watch

FIRST_PORT = 7701
BUREAUS = {"aldova": "XA", "bergenia": "XB", "corvia": "XC"}
DOCUMENTS = {"aldova": 333_333, "bergenia": 333_334, "corvia": 333_333}
PERSONS, VEHICLES = 1_000, 500  # at each bureau
MARK = "this-is-a-comity-demo"  # in the folder: only then is anything in it ever removed


class Ground:
    """Where everything lies. Paths are as short as they can be typed from where the demonstration is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def node(self, name: str) -> str:
        return str(self.folder / name)

    def profile(self, login: str) -> str:
        return str(self.folder / "profiles" / f"{login}.toml")

    def mark(self, name: str) -> Path:
        return self.folder / name

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else uses this folder at the same time. Raises WentWrong."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.mark(MARK).exists():
            expect(not any(self.folder.iterdir()), f"{self.folder} is not empty and no folder of a demonstration")
            self.mark(MARK).touch()
        with open(self.mark(MARK), "rb") as mark:
            try:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WentWrong(f"another demonstration is running in {self.folder}; end it first") from None
            yield

    # -- the federation ---------------------------------------------------------------------------------------------

    def founded(self) -> RunningFederation:
        """The federation in this folder, made anew where there is none, or only part of one."""
        mark = self.mark("founded")
        if mark.exists() and mark.read_text("utf-8") == _made_of():
            federation = self._federation()
            if left := federation.end_leftovers():
                say(f"Stopped what an earlier demonstration had left running: {', '.join(left)}.")
            return federation
        self._clear()
        self._found()
        mark.write_text(_made_of(), encoding="utf-8")
        return self._federation()

    def _federation(self) -> RunningFederation:
        return RunningFederation(self.folder, [planned.id for planned in CAST])

    def _clear(self) -> None:
        for planned in CAST:
            if (self.folder / planned.id / FILE_NAME).exists():
                RunningNode(self.folder / planned.id, self.folder / "logs" / f"{planned.id}.log").end_leftover()
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != MARK:
                path.unlink()

    def _found(self) -> None:
        chapter("A federation is founded: a hub, and the bureaus of Aldova, Bergenia and Corvia")
        for name in ("ceremony", "profiles", "records", "logs", "story", "proofs"):
            (self.folder / name).mkdir()
        fingerprints = self._nodes()
        say("Each bureau joins: files go to and fro, and people read each other the fingerprints by telephone.")
        for name, country in BUREAUS.items():
            self._enrol(name, country, fingerprints)
        self._agree()
        say("Officers belong to their bureau; the hub knows none of them.")
        for one in OFFICERS:
            roles = [word for role in one.roles for word in ("--role", str(role))]
            shown(one.node, "account", "open", one.login, "--node", self.node(one.node), "--unit", one.unit, *roles)

    def _agree(self) -> None:
        """What the operators would type in turn, done at once: the nodes do not run yet, and hand letters over."""
        say(
            "The agreements are signed by every party for itself and published by the hub; every node follows its list."
        )
        texts = (*model_agreements(), *sea_council())
        with timed("Each has run its own examples before it was signed."):
            processes.publish_law([self.folder / planned.id for planned in CAST], texts)
        typed("one party of each", "agreement", "publish", "--node", "DIR", *(os.path.relpath(path) for path in texts))
        typed("every other party", "agreement", "sign", "--node", "DIR", "DIGEST")
        for planned in CAST:
            listed = run("agreement", "list", "--json", "--node", self.node(planned.id))
            expect(listed.count('"signed"') == len(texts), f"{planned.id} acts under all {len(texts)} agreements")
        shown("corvia", "agreement", "list", "--node", self.node("corvia"))

    def _nodes(self) -> dict[str, str]:
        fingerprints = {}
        port = processes.free_ports(DOORS * len(CAST), FIRST_PORT)
        for number, planned in enumerate(CAST):
            country = ["--country", planned.country] if planned.country else []
            words = ("node", "init", self.node(planned.id), "--role", str(planned.role), "--name", planned.name)
            at = ("--contact", planned.contact, "--port", str(port + DOORS * number))
            text = shown(planned.id, *words, *country, *at)
            self._with_console(planned.id, port + DOORS * number + 3)
            fingerprints[planned.id] = _fingerprint(text)
        return fingerprints

    def _with_console(self, name: str, port: int) -> None:
        """As an operator writes it into the node's settings: here anyone may sign in as anyone."""
        chosen = processes.demo_console(port)
        section = f'\n[console]\nhost = "{chosen.host}"\nport = {port}\naddress = "{chosen.address}"\n'
        with open(self.folder / name / FILE_NAME, "a", encoding="utf-8") as file:
            file.write(f"{section}plain = true\ndemo_sign_in = true\n")

    def _enrol(self, name: str, country: str, fingerprints: dict[str, str]) -> None:
        """What each side types. The fingerprint given is the one that the other side's people read out."""
        invitation, request = (str(self.folder / "ceremony" / f"{name}.{kind}") for kind in ("invitation", "request"))
        shown("hub", "member", "invite", name, "--node", self.node("hub"), "--country", country, "--out", invitation)
        heard = ("--fingerprint", fingerprints["hub"])
        shown(name, "member", "join", invitation, "--node", self.node(name), *heard, "--out", request)
        heard = ("--fingerprint", fingerprints[name])
        text = shown("hub", "member", "approve", request, "--node", self.node("hub"), *heard, "--no-checklist")
        expect(name in text, f"{name} was approved")

    # -- the records ------------------------------------------------------------------------------------------------

    def filled(self) -> None:
        """Every bureau has entered its records and the hub holds a copy of what is shared. Resumes what was begun."""
        if self.mark("filled").exists():
            return
        chapter("Each bureau enters its own records; what is shared goes to the hub by letter")
        with timed("Fictitious records are written to files."):
            files = {name: self._written(name, country) for name, country in BUREAUS.items()}
        say("The stolen documents: all three bureaus enter theirs, while couriers carry a million to the hub.")
        for name, one in files.items():
            typed(name, *self._import(name, "sltd", one["sltd"]))
        with timed(""):
            self._imported(files)
        with self._nodes_open() as nodes:
            for name, node in nodes.items():
                held = ", ".join(f"{code} {count:,}" for code, count in sorted(_counted(node).items()))
                printed(f"{name:9} {held}")
        self.mark("filled").touch()

    def _written(self, name: str, country: str) -> dict[str, Path]:
        """Files by collection, the same in every run: an import that was interrupted goes on with the same file."""
        made = {}
        for code, count in (("nominals", PERSONS), ("smv", VEHICLES), ("sltd", DOCUMENTS[name])):
            path = self.folder / "records" / f"{name}-{code}.jsonl"
            path.unlink(missing_ok=True)
            run(
                "records", "make", "--collection", code, "--count", str(count), "--country", country, "--out", str(path)
            )
            # In the order of their file numbers, as a registry keeps them: its index grows at its end, not all over.
            path.write_bytes(b"".join(sorted(path.read_bytes().splitlines(keepends=True))))
            made[code] = path
        with open(made["nominals"], "ab") as file:
            file.write(cast.lines(cast.STORY[name]))
        return made

    def _list_of_an_outside_body(self) -> None:
        say("And the hub enters the list of the Sea Council, an outside body that has no node of its own:")
        file = self.folder / "records" / f"{cast.SEA_COUNCIL}.jsonl"
        file.write_bytes(cast.lines((cast.OSMUND,)))
        where = ("--node", self.node("hub"), "--collection", "sanctions", "--source", cast.SEA_COUNCIL)
        text = shown("hub", "records", "import", str(file), *where)
        expect(" 0 refused" in text, "the hub could enter the list")

    def _import(self, name: str, collection: str, file: Path) -> tuple[str, ...]:
        return ("records", "import", str(file), "--node", self.node(name), "--collection", collection)

    def _imported(self, files: dict[str, dict[str, Path]]) -> None:
        logs = self.folder / "logs"
        imports = [
            _Import(name, self._import(name, "sltd", one["sltd"]), logs / f"{name}-import.log")
            for name, one in files.items()
        ]
        wanted = sum(DOCUMENTS.values())
        totals = {**DOCUMENTS, "hub": wanted}
        with self._nodes_open() as nodes:

            def reached() -> dict[str, int]:
                return {name: _counted(nodes[name]).get("sltd", 0) for name in totals}

            def going_on() -> bool:
                importing = [one.goes_on() for one in imports]
                return any(importing) or any(_waiting(node) for node in nodes.values())

            try:
                self._persons_and_vehicles(files)
                watch(totals, reached, going_on)
            finally:
                for one in imports:
                    one.end()
            held = reached()["hub"]
        expect(held >= wanted, f"the hub holds {wanted:,} documents; it holds {held:,}")

    def _persons_and_vehicles(self, files: dict[str, dict[str, Path]]) -> None:
        say("Meanwhile each enters the persons and the vehicles that it looks for:")
        for name, one in files.items():
            for collection in ("nominals", "smv"):
                text = shown(name, *self._import(name, collection, one[collection]))
                expect(" 0 refused" in text, f"{name} could enter all of its {collection}")
        self._list_of_an_outside_body()

    @contextmanager
    def _nodes_open(self) -> Iterator[dict[str, Node]]:
        with ExitStack() as stack:
            yield {one.id: stack.enter_context(processes.opened(self.folder / one.id))[0] for one in CAST}

    # -- each time --------------------------------------------------------------------------------------------------

    def signed_in(self) -> None:
        """A fresh token for each officer, in a profile."""
        minutes = str(limits.TOKEN_MINUTES_MAX)
        for one in OFFICERS:
            where = ("--node", self.node(one.node), "--minutes", minutes, "--save", self.profile(one.login))
            run("account", "token", one.login, *where)

    def next_run(self) -> int:
        """Counts how often the story was begun here: each time another passport is stolen."""
        file = self.mark("runs")
        number = int(file.read_text("ascii")) + 1 if file.exists() else 1
        file.write_text(str(number), encoding="ascii")
        return number


class _Import:
    """One bureau's import as a command of its own."""

    def __init__(self, name: str, words: tuple[str, ...], log_file: Path) -> None:
        self.name = name
        self.log_file = log_file
        self.pid_file = log_file.with_suffix(".pid")
        command = [sys.executable, "-m", "comity", *words]
        processes.end_leftover(self.pid_file, command)
        with open(log_file, "ab") as log:
            # Bulk gives way: the hub, through which everything passes, has a core to itself.
            self.running = subprocess.Popen(["nice", *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.pid_file.write_text(str(self.running.pid), encoding="ascii")

    def goes_on(self) -> bool:
        """Raises WentWrong where it ended in failure."""
        status = self.running.poll()
        expect(status in (None, 0), f"{self.name} could import its documents; see {self.log_file}")
        return status is None

    def end(self) -> None:
        """Where the demonstration ends first: an import that is cut off here goes on next time."""
        if self.running.poll() is None:
            self.running.terminate()
        self.running.wait()
        self.pid_file.unlink(missing_ok=True)


def _made_of() -> str:
    """What a federation is founded with: one that was founded with other texts of law or officers is made anew."""
    texts = b"".join(path.read_bytes() for path in (*model_agreements(), *sea_council()))
    officers = " ".join(one.login for one in OFFICERS).encode()
    return f"{__version__} {hashlib.sha256(texts + officers).hexdigest()}"


def _counted(node: Node) -> dict[str, int]:
    with node.store.reading() as tx:
        return tx.records.count()


def _waiting(node: Node) -> int:
    with node.store.reading() as tx:
        return sum(tx.outbox.depths().values())


def _fingerprint(text: str) -> str:
    found = re.search(r"fingerprint\s+(\S.*)", text)
    expect(found, "a new node tells its fingerprint")
    assert found
    return found[1].strip()
