"""The auditor asks who saw Bergenia's record, and gets the answer with proof that anyone can check."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from comity.domain.document import TravelDocument
from comity.domain.errors import NotPermitted
from comity.domain.journal import Opening
from comity.domain.oversight import FoundOpenings
from comity.nodes.enrolment import origin
from comity.testing.processes import opened
from demonstration.ground import Ground
from demonstration.terminal import chapter, expect, printed, run, say, shown, typed


def tell(ground: Ground, passport: TravelDocument, case: str, run_number: int, soon: Callable[..., None]) -> None:
    chapter("12  Who saw Ben's record?")
    say("The holder of the stolen passport complains. Bea, Bergenia's auditor, asks who was told of Ben's record.")
    say("Bergenia has withdrawn it since; what was done with it stands in the journal.")
    words = ("oversight", "search", "--node", ground.node("bergenia"), "--document", f"XBE:{passport.number}")
    why = ("--why", f"Complaint {run_number} of the holder")
    bea = ("--token", ground.profile("bea"))
    text = shown("bea", *words, *why, *bea)
    expect(f"case {case}" in text and "for aldova" in text, "Bea finds that Aldova was told, and for which case")
    found = msgspec.json.decode(run(*words, *why, *bea, "--json"), type=FoundOpenings).openings
    answers = (one for one in found if one.entry.act == "lookup.answered" and one.entry.records)
    told = next(one for one in answers if one.entry.for_whom == "aldova")
    expect(told.entry.clauses, "the answer names the article it rests on")
    _proved(ground, told, run_number, soon)
    _not_for_everyone(ground, words, why)
    say("Bea's own questions stand in the journal too: whoever watches is watched.")
    who = ("oversight", "search", "--node", ground.node("bergenia"), "--act", "journal.read", "--officer", "bea")
    text = shown("bea", *who, "--why", "Who watches", *bea)
    expect("journal.read" in text, "what Bea read is written down")


def _proved(ground: Ground, told: Opening, run_number: int, soon: Callable[..., None]) -> None:
    say("She hands the entry to the holder's lawyer as a file. Other bureaus have cosigned the journal since:")
    soon(lambda: _witnessed(ground, told.index), "other bureaus have seen Bergenia's journal with that entry in it")
    evidence = ground.folder / "proofs" / f"evidence-{run_number:05d}.zip"
    policy = ground.folder / "proofs" / f"policy-{run_number:05d}.txt"
    shown("bergenia", "journal", "export", str(evidence), "--entry", str(told.index), "--node", ground.node("bergenia"))
    say("The lawyer trusts Aldova's word on whose keys are whose, and needs neither a node nor a network to check it:")
    typed("aldova", "journal", "policy", "--node", ground.node("aldova"))
    policy.write_text(run("journal", "policy", "--node", ground.node("aldova")), encoding="utf-8")
    text = shown("lawyer", "journal", "check", str(evidence), "--trust", str(policy))
    expect("PROVEN" in text and f"as entry {told.index}, exactly this" in text, "the file proves what was told")
    expect("at the latest" in text, "others have seen the journal with this entry in it")


def _not_for_everyone(ground: Ground, words: tuple[str, ...], why: tuple[str, ...]) -> None:
    say("Ben supervises his desk. Whom the journal is about is not for him to ask:")
    ben = (*words, *why, "--token", ground.profile("ben"))
    typed("ben", *ben)
    try:
        run(*ben)
    except NotPermitted as refused:
        printed(f"comity: {refused}")
    else:
        expect(False, "a supervisor may not ask the journal about persons")


def _witnessed(ground: Ground, index: int) -> bool:
    with opened(Path(ground.node("bergenia"))) as (node, _), node.store.reading() as tx:
        cosigned = tx.witnessing.cosigned(origin("bergenia"))
    return cosigned is not None and cosigned.size > index
