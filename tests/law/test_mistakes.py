"""What lawyers get wrong when they write an agreement: each mistake is named with its line, and what is allowed.

The first line of each file in `reject/` and `remark/` says what must be said of it; its name says the mistake.
"""

from pathlib import Path

import pytest

from comity.domain.errors import Invalid
from comity.law.instruments import check_text, read_instrument
from comity.law.reach import remarks
from comity.law.toml_mistakes import told

HERE = Path(__file__).parent
REJECTED, REMARKED = (sorted((HERE / name).glob("*.toml")) for name in ("reject", "remark"))


def expected(path: Path) -> str:
    """`line 14: art-2: …`, as the file's first line has it."""
    return path.read_text("utf-8").splitlines()[0].removeprefix("# ")


def complaints(path: Path) -> list[str]:
    try:
        return check_text(path.read_bytes(), path.name)
    except Invalid as unreadable:
        return [str(unreadable)]


@pytest.mark.parametrize("path", REJECTED, ids=lambda path: path.stem)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(path: Path):
    first = complaints(path)[0]
    assert first.startswith(f"{path.name} {expected(path)}"), first


@pytest.mark.parametrize("path", REMARKED, ids=lambda path: path.stem)
def test_what_is_probably_not_meant_is_remarked_with_its_line(path: Path):
    text = path.read_bytes()
    assert check_text(text, path.name) == []
    found = remarks(read_instrument(text, path.name), text, path.name)
    assert f"{path.name} {expected(path)}" in found, found


def test_what_is_meant_is_guessed_from_what_is_allowed_alone():
    assert told("Invalid enum value 'border-controls'", (), ["border-control", "locate"]) == (
        "'border-controls' is not known here.",
        "Did you mean border-control? Use one of border-control, locate.",
    )
    assert told("Invalid enum value 'x'", (), ["warn"])[1] == "Use one of warn."
    assert told("Something that is new", (), []) == (
        "Something that is new.",
        "Correct it; docs/protocol/law.md lists the keys.",
    )


@pytest.mark.parametrize(
    ("message", "what", "do"),
    [
        ("Expected `int` >= 1", "The number is too small.", "Write 1 or more."),
        ("Expected `int` <= 36600", "The number is too large.", "Write 36,600 or less."),
        ("Expected `str` of length >= 1", "It is too short.", "Write 1 sign or more."),
        ("Expected `array` of length >= 1", "It is too short.", "Write 1 item or more."),
        (
            "Expected `int | null`, got `str`",
            "Here stands a text in quotation marks, and a whole number is asked for.",
            "Write it so.",
        ),
    ],
)
def test_figures_and_kinds_are_told_in_words(message: str, what: str, do: str):
    assert told(message, (), []) == (what, do)
