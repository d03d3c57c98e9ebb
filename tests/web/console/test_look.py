"""The stylesheet: sides by the flow of text, contrasts that everybody can read, and nothing of style in a page."""

import re

import pytest

from comity.web.console.messages import CONSOLE

CSS = (CONSOLE / "static" / "console.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
TOKENS = dict(re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6},\s*#[0-9a-f]{6})\)", CSS))
# A side that stays where it is when the text turns: margin-left, border-right-width, text-align: right …
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
PLAIN = ("paper", "ground", "raised")
# ink: what it is read on
READ_ON = {
    "ink": (*PLAIN, "alert-ground", "warn-ground", "good-ground", "note-ground"),
    "soft": PLAIN,
    "link": PLAIN,
    "act": ("paper",),
    "alert": ("paper", "ground", "alert-ground"),
    "warn": ("paper", "ground", "warn-ground", "alert-ground"),
    "good": ("paper", "good-ground"),
    "note": ("paper", "note-ground"),
    "on-bar": ("bar",),
    "on-act": ("act",),
    "on-alert": ("alert-solid",),
}
READ = [(ink, ground) for ink, grounds in READ_ON.items() for ground in grounds]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, ground: str, theme: int) -> float:
    high, low = sorted((luminance(TOKENS[name].split(",")[theme].strip()) for name in (ink, ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_no_side_is_named_left_or_right():
    assert [found[0] for found in PHYSICAL.finditer(RULES)] == []
    assert PHYSICAL.search("a { margin-left: 1px }")
    assert PHYSICAL.search("a { text-align: right }")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read(theme: int):
    weak = {f"{ink} on {ground}": contrast(ink, ground, theme) for ink, ground in READ}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}
    assert contrast("edge", "paper", theme) >= 3  # where a field begins (WCAG 1.4.11)


def test_every_colour_is_a_token_that_the_contrast_is_known_of():
    known = set(READ_ON) | {ground for _, ground in READ} | {"edge", "line"}
    assert set(TOKENS) == known
    behind_a_dialog = "rgb(0 0 0 / 55%)"
    outside = re.sub(r":root \{.*?\n\}", "", RULES, count=1, flags=re.DOTALL).replace(behind_a_dialog, "")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", outside) == []


def test_it_is_light_enough_for_a_bad_line():
    assert len(CSS.encode()) < 20_000


@pytest.mark.parametrize("way", ["prefers-reduced-motion", "forced-colors", "print", "data-theme", ":focus-visible"])
def test_it_follows_how_a_reader_has_their_device(way: str):
    assert way in CSS


def test_no_page_brings_a_style_or_a_script_of_its_own():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
    found = {path.name: inline.findall(path.read_text()) for path in (CONSOLE / "templates").glob("*.html")}
    assert {name: what for name, what in found.items() if what} == {}
