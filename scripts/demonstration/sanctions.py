"""A real list at the hub: names exactly as the list writes them, in three scripts, chosen when it is read."""

import unicodedata
from collections import Counter
from pathlib import Path

from comity.domain.person import NameKind, Person
from comity.formats import un_list
from demonstration import cast
from demonstration.ground import Ground
from demonstration.terminal import answered, chapter, expect, say, shown

SOURCE = "un"
WORDS_MIN = 3  # of a name that is looked up: two words may name many people
# script: the kinds of name in which an entry of the list has it
SCRIPTS = {
    "ARABIC": (NameKind.ORIGINAL_SCRIPT,),
    "CYRILLIC": (NameKind.ORIGINAL_SCRIPT,),
    "LATIN": (NameKind.ALIAS,),
}


def enter(ground: Ground, file: Path) -> None:
    """The hub enters the list for the body that keeps it. The same file again changes nothing."""
    chapter("The hub enters a list for an outside body")
    where = ("--node", ground.node("hub"), "--collection", "sanctions", "--source", SOURCE)
    text = shown("hub", "records", "import", str(file), "--format", "un", *where)
    persons = sum(row.subject is not None for row in un_list.read(file))
    expect(f"{persons} new" in text or f"{persons} unchanged" in text or "nothing is left to do" in text, "all entered")
    say(f"{persons} persons of the list are in the hub's sanctions collection.")


def tell(ground: Ground, file: Path, run: int) -> None:
    """Three names as they stand in the list, and one that stands on no list."""
    chapter("10  A list of an outside body, in three scripts")
    say("Ada asks for names as the list itself writes them, each in another script. The hub finds the right entry.")
    for script, (reference, name) in chosen(file).items():
        say(f"{script.title()}:")
        text = _look(ground, name, run)
        expect(
            f"HIT  {SOURCE} (sanctions, {reference}), told by hub, full:" in text, f"{reference} is found by its name"
        )
    say("And somebody who exists nowhere:")
    text = _look(ground, cast.NOBODY, run)
    expect("HIT" not in text and "hub: no record." in text, "nobody is found")


def chosen(file: Path) -> dict[str, tuple[str, str]]:
    """By script, the first entry that has a name of enough words in it: (reference, name)."""
    found: dict[str, tuple[str, str]] = {}
    for row in un_list.read(file):
        if not isinstance(row.subject, Person):
            continue
        for name in row.subject.names:
            script = _script(name.full)
            fits = name.kind in SCRIPTS.get(script, ()) and len(name.full.split()) >= WORDS_MIN
            if fits and row.reference not in {reference for reference, _ in found.values()}:
                found.setdefault(script, (row.reference, name.full))
    expect(found.keys() == SCRIPTS.keys(), f"the list has names in {', '.join(SCRIPTS)} script")
    return {script: found[script] for script in SCRIPTS}


def _script(text: str) -> str:
    """In which most of its letters are: the first word of their names in Unicode."""
    letters = Counter(unicodedata.name(sign, "?").split()[0] for sign in text if sign.isalpha())
    return letters.most_common(1)[0][0] if letters else ""


def _look(ground: Ground, name: str, run: int) -> str:
    why = ("--purpose", "border-control", "--case", f"SL-{run:04d}")
    return answered("ada", "lookup", "person", name, *why, "--profile", ground.profile("ada"))
