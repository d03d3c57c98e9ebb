"""The same question, asked by three members: three lawful answers, each with the agreement that it follows from."""

from typing import NamedTuple

from comity.domain.reply import ReplyLevel
from demonstration import cast
from demonstration.ground import Ground
from demonstration.terminal import answered, chapter, expect, say, shown

NAME = "Osmund Tarravale"
CRIME = ("--purpose", "criminal-investigation", "--offence", "trafficking-in-arms", "--penalty-months", "120")
WHOLE = "Halcyon Quay"  # what only the whole entry holds
CORE = "Hold the cargo"  # what the core holds as well


class Asked(NamedTuple):
    login: str
    role: str
    bureau: str
    country: str
    level: ReplyLevel
    by: str
    says: str


MEMBERS = (
    Asked(
        *("ada", "officer", "aldova", "XA", ReplyLevel.FULL, "sea-council-handling-code art-6"),
        says="Aldova has an arrangement with handling codes: the whole entry, but no court and nobody else sees it.",
    ),
    Asked(
        *("ben", "duty-officer", "bergenia", "XB", ReplyLevel.CORE, "sea-council-hit-no-hit art-8"),
        says="Bergenia has agreed on hit or no hit: its contact point gets the core data, and asks for more by letter.",
    ),
    Asked(
        *("cora", "officer", "corvia", "XC", ReplyLevel.HIT, "sea-council-assurance art-3"),
        says="Corvia has not given its word against the death penalty: there is a hit, and whom to ask.",
    ),
)


def tell(ground: Ground, case: str) -> None:
    chapter("5  The same question, three members, three lawful answers")
    say("A coaster was found with rifles under her grain. Three bureaus ask for her master, on the Council's list.")
    for one in MEMBERS:
        say(one.says)
        why = ("--case", case, "--profile", ground.profile(one.login))
        text = answered(one.login, "lookup", "person", NAME, "--birth", "1969-08-21", *CRIME, *why)
        _expect_told(one, text)
        words = ("--from", one.country, "--to", cast.SEA_COUNCIL, "--category", "sanctions", "--role", one.role, *CRIME)
        node = ("--node", ground.node(one.bureau))
        explained = shown(one.bureau, "law", "explain", *words, *node, beginning="Answer:")
        expect(f"Answer: {one.level.word}, by {one.by}." in explained, f"{one.by} explains what {one.login} was told")
    expect("The assurance of Corvia against the death penalty" in explained, "Cora reads what would give her more")


def _expect_told(one: Asked, text: str) -> None:
    """No more than its own agreement lets out, and no less."""
    reference, level = cast.OSMUND.reference, one.level
    if level is ReplyLevel.HIT:
        expect("HIT  sea-council (sanctions): there is a hit; its content is not for you." in text, "Cora learns of it")
    else:
        found = f"HIT  sea-council (sanctions, {reference}), told by hub, {level.word}:"
        expect(found in text, f"{one.login} is told the {level.word}")
    expect((CORE in text) == (level >= ReplyLevel.CORE), f"{one.login} reads the core, or not, as agreed")
    expect((WHOLE in text) == (level is ReplyLevel.FULL), f"{one.login} reads all, or not")
    expect(one.by in text, f"the answer names {one.by}")
