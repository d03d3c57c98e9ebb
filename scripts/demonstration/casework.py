"""Officers of three bureaus work together: a sealed message, proved step by step, and a joint operation."""

import os
import re
from collections.abc import Callable
from datetime import date

from demonstration.ground import Ground
from demonstration.terminal import chapter, expect, run, say, shown

ABOUT = ("--category", "vehicles", "--purpose", "criminal-investigation", "--basis", "Code of procedure, section 94")
QUESTION = "Who drove the blue van at pier 4?"
FILM_BYTES = 1_000_000
STEPS = ("submitted", "relayed", "delivered", "opened")
Soon = Callable[[Callable[[], bool], str], None]


def tell(ground: Ground, number: str, today: date, soon: Soon) -> None:
    """`number`: of Ada's case, another in each run."""
    case = _a_sealed_message(ground, number, soon)
    _a_joint_operation(ground, case, today, soon)


def _a_sealed_message(ground: Ground, number: str, soon: Soon) -> str:
    chapter("8  A sealed message with a film: the hub carries both and can read neither")
    say("Ada asks Bergenia's officers. The message is sealed for Bergenia's node; every step is signed.")
    ada, ben = ("--profile", ground.profile("ada")), ("--profile", ground.profile("ben"))
    case = _id(shown("ada", "case", "open", number, "--title", "The blue van", *ABOUT, *ada))
    words = (
        "--case",
        case,
        "--to",
        "bergenia",
        "--subject",
        number,
        "--text",
        QUESTION,
        "--urgency",
        "urgent",
        "--asks",
    )
    film = ground.folder / "story" / f"{number}.mp4"
    film.write_bytes(os.urandom(FILM_BYTES))
    message = _id(shown("ada", "mail", "write", *words, "--attach", str(film), *ada))
    text = shown("ada", "mail", "send", message, *ada)
    expect("bergenia: sent" in text and "left" in text, "it is sent, and the clock runs")
    soon(lambda: number in run("mail", "list", *ben), "it lies on the duty desk of Bergenia")
    soon(lambda: ", whole" in run("mail", "show", message, *ben), "the film has come, sealed like the message")
    got = ground.folder / "story" / f"{number}-at-ben"
    got.mkdir()
    expect(QUESTION in shown("ben", "mail", "show", message, "--save", str(got), *ben), "Ben reads it")
    expect((got / film.name).read_bytes() == film.read_bytes(), "the film is the one that Ada attached")
    soon(lambda: "bergenia: opened" in run("mail", "list", *ada), "Ada has it signed that it was opened")
    letter = _letter(run("mail", "show", message, *ada))
    text = shown("aldova", "post", "show", letter, "--node", ground.node("aldova"))
    expect(all(step in text for step in STEPS), "Aldova can prove every step")
    return case


def _a_joint_operation(ground: Ground, case: str, today: date, soon: Soon) -> None:
    chapter("9  Three bureaus, one operation: tasks, one log, a report")
    say("Ada's bureau leads. Corvia may know of vehicles what it could not be told of persons.")
    ada, ben, cato = (("--profile", ground.profile(login)) for login in ("ada", "ben", "cato"))
    operation = _id(shown("ada", "operation", "found", case, f"Ferry of {today}", *ada))
    for bureau in ("bergenia", "corvia"):
        run("operation", "invite", operation, bureau, *ada)
    task = ("--owner", "corvia", "--title", "Watch the far shore", "--due", today.isoformat())
    shown("ada", "operation", "task", operation, "pier", *task, *ada)
    soon(lambda: "task pier" in _seen(operation, cato), "the task is with the duty desk of Corvia")
    shown("cato", "operation", "done", operation, "pier", "--result", "The van landed; two men were held.", *cato)
    soon(lambda: "task pier done" in _seen(operation, ada), "Ada reads what came of it")
    shown("ada", "operation", "close", operation, "--report", "One van, two men.", *ada)
    soon(lambda: "(closed)" in _seen(operation, ben), "Bergenia has the report")
    soon(lambda: "two men were held. [vouched]" in _seen(operation, ben), "Corvia stands by its words")
    shown("ben", "operation", "show", operation, *ben)


def _seen(operation: str, who: tuple[str, str]) -> str:
    """'' while the operation is not there yet."""
    return run("operation", "show", operation, *who) if operation in run("operation", "list", *who) else ""


def _id(text: str) -> str:
    found = re.search(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    expect(found, "it tells its id")
    assert found
    return found[0]


def _letter(text: str) -> str:
    _, _, rest = text.partition("  letter ")
    return _id(rest)
