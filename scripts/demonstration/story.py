"""One day in the federation, step by step: each step says what happens, shows it, and fails if it is not so."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from comity.domain.journal import Opening
from comity.domain.letter import Lane
from comity.nodes.enrolment import origin
from comity.testing.processes import RunningFederation, opened, wait_until
from comity.wire.canonical import unb64u
from comity.wire.checkpoint import verified_proof
from comity.wire.leaf import leaf_hash_of
from comity.wire.manifest import node_pair
from demonstration import casework, cast, oversight, three_members
from demonstration.ground import Ground
from demonstration.terminal import answered, chapter, expect, printed, run, say, shown, timed

SOON_SECONDS = 60.0  # by when a letter has arrived


class Story:
    """`run` counts how often the story was told in this folder."""

    def __init__(self, ground: Ground, federation: RunningFederation, run: int) -> None:
        self.ground = ground
        self.federation = federation
        self.run = run
        self.today = datetime.now(UTC).date()
        self.passport = cast.passport(run, self.today)
        self.zone = cast.machine_readable_zone(run, self.today)
        self.case = f"NB-{self.today.year}-{run:04d}"
        self.hit = ""
        self.question = ""

    def tell(self) -> None:
        self._a_passport_is_stolen()
        self._it_is_shown_at_a_border()
        self._a_person_is_found_in_another_script()
        self._a_hit_without_content()
        self._a_refusal()
        three_members.tell(self.ground, self.case)
        self._a_hit_is_confirmed()
        self._a_record_is_withdrawn()
        casework.tell(self.ground, f"PIER-{self.today.year}-{self.run:04d}", self.today, self._soon)
        self._a_bureau_is_silent()
        self._the_journals_prove_it()
        oversight.tell(self.ground, self.passport.subject, self.case, self.run, self._soon)

    # -- documents --------------------------------------------------------------------------------------------------

    def _a_passport_is_stolen(self) -> None:
        chapter("1  A stolen passport at the border")
        say("This morning a passport was stolen in Bergenia. Bergenia enters it; the record carries no name.")
        file = self.ground.folder / "story" / f"stolen-{self.run:05d}.jsonl"
        file.write_bytes(cast.lines((self.passport,)))
        before = self._documents_at_hub()
        words = ("records", "import", str(file), "--node", self.ground.node("bergenia"), "--collection", "sltd")
        text = shown("bergenia", *words)
        expect("1 new" in text and "0 refused" in text, "Bergenia could enter the passport")
        self._soon(lambda: self._documents_at_hub() > before, "its letter to the hub is applied there")

    def _it_is_shown_at_a_border(self) -> None:
        say("Ada of Aldova holds that passport at the northern border. Her reader reads its machine-readable zone.")
        letters = self._letters("bergenia", "hub")
        text = self._look("ada", "document", "--mrz", self.zone, purpose="border-control")
        found = f"HIT  bergenia (travel-documents, {self.passport.reference}), told by hub, bergenia, full:"
        expect(found in text, "both the hub and Bergenia tell Ada of Bergenia's record in full")
        expect("stolen" in text and "ask duty desk of Bergenia" in text, "Ada reads what it is and whom to ask")
        self.hit, self.question = _hit(text), _question(text)
        say("The hub answered for Bergenia and tells it so by letter. Bergenia's register of hits:")
        self._soon(lambda: self._letters("bergenia", "hub") > letters, "the hub's letter is applied at Bergenia")
        register = shown("ben", "hits", "show", self.hit, "--profile", self.ground.profile("ben"))
        expect("open" in register and self.case in register, "Bergenia sees who asked, and for which case")

    # -- persons ----------------------------------------------------------------------------------------------------

    def _a_person_is_found_in_another_script(self) -> None:
        chapter("2  A person, found under another spelling in another script")
        say("Bergenia looks for a woman it knows in Cyrillic letters. Ada has heard her name and writes it as she can.")
        text = self._look("ada", "person", "Radomila Vetrogradowa", "--birth", "1984", purpose="wanted-persons")
        expect(f"HIT  bergenia (persons, {cast.RADOMILA.reference}), told by bergenia, full:" in text, "she is found")
        expect(cast.RADOMILAS_NAME in text, "Ada sees the name as Bergenia writes it")
        expect("aldova-bergenia-bilateral art-3" in text, "the answer names the article it rests on")
        say("And one whom Bergenia knows in Arabic letters:")
        text = self._look("ada", "person", "Nuran al-Zahrshami", "--birth", "1991", purpose="locate")
        expect(cast.NOURAN.reference in text, "she is found too")

    def _a_hit_without_content(self) -> None:
        chapter("3  There is a hit: ask Bergenia")
        say("Cora of Corvia asks for the same woman. Between Corvia and Bergenia there are only the notes of 2023.")
        text = self._look("cora", "person", "Radomila Vetrogradova", "--birth", "1984", purpose="wanted-persons")
        expect("HIT  bergenia (persons): there is a hit; its content is not for you." in text, "Cora learns of a hit")
        expect("bergenia-corvia-bilateral note-2" in text, "the answer names the note it rests on")
        secret = (cast.RADOMILA.reference, "Zlatogor", cast.RADOMILAS_NAME)
        expect(not any(word in text for word in secret), "nothing of the record reached Cora")

    def _a_refusal(self) -> None:
        chapter("4  Refused, with the clause that refuses")
        say("At the harbour Cora asks for a traveller. Article 8 between Aldova and Corvia does not serve borders.")
        text = self._look("cora", "person", "Tamsin Orrelquist", "--birth", "1977-11-02", purpose="border-control")
        expect("aldova: refused. convention-on-police-information art-8" in text, "Aldova's refusal names article 8")
        expect("HIT" not in text, "Cora learns nothing of whether Aldova knows her")

    # -- hits -------------------------------------------------------------------------------------------------------

    def _a_hit_is_confirmed(self) -> None:
        chapter("6  Nobody acts on a hit before its owner confirms it")
        say("The traveller with the stolen passport waits. Ada asks Bergenia to confirm, urgently: ten minutes.")
        asked = ("--priority", "urgent", "--note", "Bearer is with us at the northern border.")
        text = shown("ada", "hits", "request", self.hit, "--profile", self.ground.profile("ada"), *asked)
        expect("requested" in text and "due" in text, "the clock runs")
        self._soon(lambda: "requested" in self._hit_seen_by("ben"), "the request is in Bergenia's register")
        text = shown("ben", "hits", "show", self.hit, "--profile", self.ground.profile("ben"))
        expect("urgent" in text and "left" in text, "Ben sees the clock")
        note = ("--note", "Stolen this morning. The bearer is not its holder.")
        text = shown("ben", "hits", "confirm", self.hit, "--profile", self.ground.profile("ben"), *note)
        expect("confirmed" in text, "Ben can confirm")
        self._soon(lambda: "confirmed" in self._hit_seen_by("ada"), "the confirmation is with Ada")
        text = shown("ada", "hits", "show", self.hit, "--profile", self.ground.profile("ada"))
        expect("The bearer is not its holder" in text, "Ada reads Ben's note")

    def _a_record_is_withdrawn(self) -> None:
        chapter("7  What is withdrawn is gone everywhere")
        say("The passport is back with its holder. Bergenia, and only Bergenia, takes the record back.")
        held, reference = self._documents_at_hub(), self.passport.reference
        where = ("--node", self.ground.node("bergenia"), "--collection", "sltd", "--reason", "recovered")
        text = shown("bergenia", "records", "withdraw", reference, *where)
        expect("withdrawn" in text, "Bergenia can withdraw its record")
        self._soon(lambda: self._documents_at_hub() < held, "the hub has erased its copy")
        self._soon(lambda: "denied" in self._hit_seen_by("ada"), "Ada, who had the hit, is told")
        text = shown("ada", "hits", "show", self.hit, "--profile", self.ground.profile("ada"))
        expect("withdrawn this record" in text, "Ada reads why her hit does not stand any more")
        say("The same lookup again. Nobody says that the passport is clear: there is no record of it.")
        text = self._look("ada", "document", "--mrz", self.zone, purpose="border-control")
        for source in ("hub", "bergenia"):
            expect(f"{source}: no record." in text, f"{source} has no record of it any more")
        expect("HIT" not in text, "nobody finds it any more")

    # -- the machinery ----------------------------------------------------------------------------------------------

    def _a_bureau_is_silent(self) -> None:
        chapter("10  A bureau that is silent is shown as silent")
        corvia = self.federation["corvia"]
        with timed("Corvia's node is stopped."):
            corvia.stop()
        asked = ("person", "Radomila Vetrogradova", "--birth", "1984")
        text = self._look("ada", *asked, purpose="wanted-persons", stopped="corvia")
        expect("corvia: no answer. Nothing is known from there" in text, "Corvia is shown as silent")
        expect(cast.RADOMILA.reference in text, "Bergenia's answer does not wait for Corvia")
        with timed("It is started again."):
            corvia.start()
            corvia.wait_until_ready()
        text = self._look("ada", *asked, purpose="wanted-persons")
        expect("corvia: no record." in text, "Corvia answers again")

    def _the_journals_prove_it(self) -> None:
        chapter("11  Both sides can prove what was asked and what was told")
        say("Every node recomputes its journal: each entry, each leaf, the signed root.")
        for name in self.federation.nodes:
            text = shown(name, "journal", "verify", "--node", self.ground.node(name))
            expect("each as committed" in text, f"the journal of {name} verifies")
        say("Ada's question about the stolen passport, as Aldova, Bergenia and the hub wrote it down:")
        told = {name: self._about(name) for name in ("aldova", "bergenia", "hub")}
        self._receipts_prove_true(told)
        say("Aldova proves its entry to others: they need the proof, the entry, and Aldova's key, nothing else.")
        self._proved(next(one for one in told["aldova"] if one.entry.act == "lookup.shown"))

    def _about(self, name: str) -> list[Opening]:
        about = ("journal", "show", "--node", self.ground.node(name), "--about", self.question)
        shown(f"{name}'s auditor", *about)
        told = msgspec.json.decode(run(*about, "--json"), type=list[Opening])
        expect(any(one.entry.case == self.case for one in told), f"the journal of {name} holds Ada's question")
        return told

    def _receipts_prove_true(self, told: dict[str, list[Opening]]) -> None:
        shown_to_ada = next(one for one in told["aldova"] if one.entry.act == "lookup.shown")
        receipts = shown_to_ada.entry.details["receipts"]
        assert isinstance(receipts, list)
        expect(len(receipts) >= 2, "every source that answered gave a receipt")
        for receipt in receipts:
            name, log, index, leaf = receipt.split()
            if name in told and name != "aldova":
                entry = next((one for one in told[name] if one.index == int(index)), None)
                expect(entry and _leaf(entry) == leaf and log == origin(name), f"the receipt of {name} proves true")
                printed(f"receipt of {name}: entry {index} of {log} has the leaf {leaf[:16]}…: true")

    def _proved(self, opening: Opening) -> None:
        file = self.ground.folder / "proofs" / f"question-{self.run:05d}.proof"
        where = ("--node", self.ground.node("aldova"), "--out", str(file))
        shown("aldova", "journal", "prove", str(opening.index), *where)
        given = msgspec.json.decode(file.with_suffix(".opening.json").read_bytes(), type=Opening)
        with opened(Path(self.ground.node("bergenia"))) as (bergenia, _):
            directory = bergenia.directory()
            expect(directory, "Bergenia holds the directory")
            assert directory
            aldova = directory.member("aldova")
            assert aldova
            leaf = leaf_hash_of(given.entry, unb64u(given.salt))
            checkpoint = verified_proof(file.read_text("utf-8"), leaf, origin("aldova"), node_pair(aldova.manifest))
        expect(given.entry == opening.entry, "the entry proved is the one that the journal shows")
        printed(f"Bergenia checked it: entry {given.index} stands in Aldova's log as signed at size {checkpoint.size}.")

    # -- what several steps do --------------------------------------------------------------------------------------

    def _look(self, login: str, kind: str, *words: str, purpose: str, stopped: str = "") -> str:
        why = ("--purpose", purpose, "--case", self.case, "--profile", self.ground.profile(login))
        return answered(login, "lookup", kind, *words, *why, stopped=stopped)

    def _hit_seen_by(self, login: str) -> str:
        return run("hits", "show", self.hit, "--profile", self.ground.profile(login))

    def _soon(self, holds: Callable[[], bool], what: str) -> None:
        began = time.perf_counter()
        wait_until(holds, what, SOON_SECONDS)
        printed(f"… and {what} ({time.perf_counter() - began:.2f} s later).")

    def _documents_at_hub(self) -> int:
        with opened(Path(self.ground.node("hub"))) as (hub, _), hub.store.reading() as tx:
            return tx.records.count().get("sltd", 0)

    def _letters(self, name: str, sender: str) -> int:
        with opened(Path(self.ground.node(name))) as (node, _), node.store.reading() as tx:
            return tx.inbox.expected(sender, Lane.URGENT)


def _leaf(opening: Opening) -> str:
    return leaf_hash_of(opening.entry, unb64u(opening.salt)).hex()


def _hit(text: str) -> str:
    found = re.search(r"comity hits request ([0-9a-f-]{36})", text)
    expect(found, "a hit tells its id")
    assert found
    return found[1]


def _question(text: str) -> str:
    found = re.search(r"^question ([0-9a-f-]{36})", text, re.MULTILINE)
    expect(found, "an answer tells its question's id")
    assert found
    return found[1]
