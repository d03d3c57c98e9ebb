"""What the docs say is what the code has: every list, every file and function named, every link."""

import ast
import enum
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import msgspec
import pytest
import typer

from comity.cli import main
from comity.desks.letters import Letters
from comity.domain import limits
from comity.domain.collection import COLLECTIONS
from comity.domain.letter import LANES, Body, CaseMessage, LetterVoid
from comity.formats.files import Form
from comity.nodes.settings import Settings
from comity.web import watch
from comity.web.metrics import Metrics
from comity.web.refusals import FAULT_CODE, STATUSES, status_of
from tests.house.source import ROOT, modules
from tests.house.test_arrows import MAY_IMPORT

DOCS = ROOT / "docs"
PAGES = (ROOT / "README.md", *sorted(DOCS.rglob("*.md")), *sorted((ROOT / "changes").glob("*.md")))
CODE = re.compile(r"`([^`]+)`")


@cache
def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@cache
def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next one of its rank or above."""
    lines = text(page).splitlines()
    rank, *starts = (re.compile(rf"(#+) {re.escape(title)}$"), *range(len(lines)))
    start = next((at for at in starts if rank.match(lines[at])), None)
    assert start is not None, f"{page} has no heading {title!r}"
    depth = len(lines[start].split(" ")[0])
    end = next((at for at in range(start + 1, len(lines)) if re.match(rf"#{{1,{depth}}} ", lines[at])), len(lines))
    return "\n".join(lines[start + 1 : end])


@cache
def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the tables under a heading, without their heads."""
    table = [line for line in section(page, title).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]
    heads = {at - 1 for at, row in enumerate(cells) if all(re.fullmatch(r":?-+:?", cell) for cell in row)}
    return [row for at, row in enumerate(cells) if at not in heads and at - 1 not in heads]


def codes(page: str, title: str) -> list[str]:
    """What the first cell of each row has in backticks."""
    return [name for row in rows(page, title) for name in CODE.findall(row[0])]


# -- vocabularies ---------------------------------------------------------------------------------------------------


@cache
def vocabularies() -> dict[str, list[str]]:
    """Every closed list that the world outside meets, by its name in the code."""
    found = {}
    for module in modules():
        if module.floor == "domain":
            for name, kind in vars(import_module(module.name)).items():
                if isinstance(kind, enum.EnumMeta) and kind.__module__ == module.name and len(kind):
                    found[name if name not in found else f"{module.name}.{name}"] = [_word(one) for one in kind]
    found["Form"] = list(Form)
    found["Refusal"] = sorted({kind.code for kind in STATUSES} - {"refused"} | {FAULT_CODE})
    found["Collection"] = list(COLLECTIONS)
    return found


def _word(member: Any) -> str:
    return getattr(member, "word", member.value)


@cache
def described() -> dict[str, list[str]]:
    """By name, what docs/glossary.md lists."""
    titles = re.findall(r"^### `(\w+)`$", section("docs/glossary.md", "Vocabularies"), re.MULTILINE)
    return {title: codes("docs/glossary.md", f"`{title}`") for title in titles}


def test_the_glossary_has_every_vocabulary_and_no_other():
    assert sorted(described()) == sorted(vocabularies())


@pytest.mark.parametrize("name", vocabularies())
def test_a_vocabulary_in_the_glossary_is_that_of_the_code(name: str):
    assert sorted(described()[name]) == sorted(vocabularies()[name])


def test_a_refusal_has_in_the_glossary_the_status_that_doors_give_it():
    told = {CODE.findall(row[0])[0]: row[1] for row in rows("docs/glossary.md", "`Refusal`")}
    given: dict[str, set[int]] = {}
    for kind in STATUSES:
        given.setdefault(kind.code, set()).add(status_of(kind)[0])
    del given["refused"]
    assert told == {**{code: ", ".join(map(str, sorted(all_))) for code, all_ in given.items()}, FAULT_CODE: "500"}


def test_letter_kinds_and_lanes_are_those_of_the_code():
    told = {CODE.findall(row[0])[0]: row[1] for row in rows("docs/protocol/posting.md", "Kinds")}
    lanes = {kind: lane.value for kind, lane in LANES.items()} | {
        LetterVoid: "that of the letter it replaces",
        CaseMessage: "that of its urgency",
    }
    assert told == {str(kind.__struct_config__.tag): lane for kind, lane in lanes.items()}
    assert set(LANES) == set(get_args(Body))


def test_every_letter_kind_has_somebody_who_applies_it():
    letters = Letters(None, None, *(_Any() for _ in range(13)))  # type: ignore[arg-type]
    assert set(letters.appliers) == set(get_args(Body))


class _Any:
    def __getattr__(self, name: str) -> str:
        return name


# -- settings, limits, commands, metrics ----------------------------------------------------------------------------


def settings() -> dict[str, str]:
    """Every key of comity.toml with its default, as the docs write it."""
    found = {}
    for part in msgspec.structs.fields(Settings):
        for key in msgspec.structs.fields(_whole(part.type)):
            default = "–" if key.default is msgspec.NODEFAULT else f"`{_toml(key.default)}`"
            found[f"{part.name}.{key.name}"] = default
    return found


def _whole(part: Any) -> Any:
    """The struct of a part that may be left out."""
    return next((one for one in get_args(part) if one is not NoneType), part)


def _toml(value: object) -> str:
    return msgspec.json.encode(value).decode()  # as TOML writes it too


def test_every_setting_stands_in_operating_with_its_default():
    told = {CODE.findall(row[0])[0]: row[1] for row in rows("docs/operating.md", "Settings")}
    assert told == settings()


# ending of a limit's name: its unit in the docs, or a size
UNITS = {
    "SECONDS": "s",
    "MINUTES": "min",
    "HOURS": "h",
    "DAYS": "days",
    "MONTHS": "months",
    "YEARS": "years",
    "CHARS": "characters",
}
SIZES = {"bytes": 1, "KiB": 1024, "MiB": 1024**2}


def all_limits() -> dict[str, float]:
    return {name: value for name, value in vars(limits).items() if name.isupper()}


def test_every_limit_stands_in_operating_with_its_value():
    told = {}
    for name, value, *_ in rows("docs/operating.md", "Limits"):
        number, _, unit = value.replace(",", "").partition(" ")
        told[CODE.findall(name)[0]] = float(number) * SIZES.get(unit, 1)
    assert told == all_limits()


def test_a_limit_is_told_in_the_unit_of_its_name():
    for cell, value, *_ in rows("docs/operating.md", "Limits"):
        name, unit = CODE.findall(cell)[0], value.partition(" ")[2]
        parts = set(name.split("_"))
        if "BYTES" in parts:
            assert unit in SIZES, name
        else:
            assert unit == next((UNITS[part] for part in UNITS if part in parts), ""), name


def commands() -> list[str]:
    return sorted(_below(typer.main.get_command(main.app), "comity"))


def _below(command: Any, path: str) -> Iterator[str]:
    if not hasattr(command, "commands"):
        yield path
        return
    for name in command.list_commands(None):  # a group is loaded when it is named
        yield from _below(command.get_command(None, name), f"{path} {name}")


def test_every_command_stands_in_operating_and_no_other():
    assert sorted(codes("docs/operating.md", "Commands")) == commands()


COMMAND = re.compile(r"\bcomity ([a-z]+) ([a-z]+(?:-[a-z]+)*)\b")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_command_that_is_not_there(page: Path):
    """Whatever is written as code: in a line or in a block."""
    whole = page.read_text("utf-8")
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", whole, re.MULTILINE | re.DOTALL)
    spans = CODE.findall(re.sub(r"^```.*?^```", "", whole, flags=re.MULTILINE | re.DOTALL))
    named = {f"comity {noun} {verb}" for code in (*blocks, *spans) for noun, verb in COMMAND.findall(code)}
    nouns = {command.split()[1] for command in commands()}
    assert {one for one in named if one.split()[1] in nouns} <= set(commands())


OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def options(command: Any) -> set[str]:
    found = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    for name in command.list_commands(None) if hasattr(command, "commands") else ():
        found |= options(command.get_command(None, name))
    return found


def test_no_option_is_told_that_no_command_has():
    told = set()
    for line in text("docs/operating.md").splitlines():
        if "comity " in line:
            told |= set(OPTION.findall(line))
    assert told <= options(typer.main.get_command(main.app)) | {"--help"}


def test_every_exit_status_stands_in_operating():
    told = {int(row[0]): set(CODE.findall(row[1])) for row in rows("docs/operating.md", "Exit statuses")}
    given = {status: {code} for code, status in main.STATUS.items()}
    others = set(vocabularies()["Refusal"]) - set(main.STATUS)
    assert {status: names for status, names in told.items() if status > 1} == given
    assert told[0] == set()
    assert told[1] <= others


def metrics() -> set[str]:
    every = Metrics()
    every.read_journal(lambda: 0)
    every.read_waiting(dict)
    every.read_postroom(dict)
    every.read_alarms(dict)
    every.read_log_alarms(dict)
    every.read_index(dict)
    return {family.name + "_total" * (family.type == "counter") for family in every.registry.collect()}


def test_every_metric_stands_in_operating_and_no_other():
    assert set(codes("docs/operating.md", "Metrics")) == metrics()


def test_every_address_of_the_watch_door_stands_in_operating():
    assert set(codes("docs/operating.md", "Health")) == {route.template for route in watch.ROUTES}


# -- floors ---------------------------------------------------------------------------------------------------


def test_the_floors_in_the_docs_are_those_that_stand():
    told = {CODE.findall(row[0])[0]: set(CODE.findall(row[2])) for row in rows("docs/architecture.md", "The floors")}
    floors = {module.floor for module in modules()} - {"", "__main__"}
    assert told == {floor: MAY_IMPORT[floor] & floors for floor in floors}


def drawing(page: str, title: str) -> set[str]:
    """The words of the first block under a heading."""
    block = re.search(r"^```\n(.*?)^```", section(page, title), re.MULTILINE | re.DOTALL)
    assert block is not None
    return set(re.findall(r"[a-z]+", block[1]))


@pytest.mark.parametrize(("page", "title"), [("docs/architecture.md", "The floors"), ("README.md", "The floors")])
def test_the_picture_has_every_floor_and_no_other(page: str, title: str):
    floors = {module.floor for module in modules()} - {"", "__main__"}
    assert drawing(page, title) == floors


# -- what is named is there -------------------------------------------------------------------------------------------

# `desks/lookups.py` `Lookups.ask` `Lookups.ask_many`
NAMED = re.compile(r"`([\w./-]+\.py)`((?:,?\s+(?:and\s+)?`[A-Za-z_][\w.]*(?:\(\))?`)*)")


@cache
def defined(file: Path) -> frozenset[str]:
    """Every class, function, method and value at the top of a file, and inside its classes."""
    return frozenset(_defined(ast.parse(file.read_bytes()), ""))


def _defined(tree: ast.AST, path: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.ClassDef(name=name):
                yield path + name
                yield from _defined(node, f"{path}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield path + name
            case ast.Assign(targets=targets):
                yield from (path + one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield path + name


def file_named(name: str) -> Path | None:
    """`desks/lookups.py` stands under src/comity, `tests/…` and `scripts/…` at the top."""
    return next((path for path in (ROOT / "src/comity" / name, ROOT / name) if path.is_file()), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_function_that_a_page_names_is_there(page: Path):
    missing = []
    for found in NAMED.finditer(page.read_text("utf-8")):
        file = file_named(found[1])
        if file is None:
            missing += [found[1]] if "/" in found[1] else []
            continue
        missing += [f"{found[1]} {name}" for name in CODE.findall(found[2]) if name.rstrip("()") not in defined(file)]
    assert not missing, "\n".join(missing)


LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    lost = []
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(f"{path}#{anchor}" if anchor else path)
    assert not lost, "\n".join(lost)


def anchors(page: Path) -> set[str]:
    """As the usual readers of Markdown make them from headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_of_the_protocol_stands_in_its_index():
    listed = {path for path, _ in LINK.findall(text("docs/protocol/README.md"))}
    assert {page.name for page in (DOCS / "protocol").glob("*.md")} - {"README.md"} <= listed


def test_every_decision_stands_in_the_architecture():
    listed = {path for path, _ in LINK.findall(text("docs/architecture.md"))}
    assert {f"decisions/{page.name}" for page in (DOCS / "decisions").glob("*.md")} <= listed


def test_every_target_of_make_that_a_page_names_is_there():
    there = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    named = {
        target for page in PAGES for code in CODE.findall(page.read_text("utf-8")) for target in MAKE.findall(code)
    }
    assert named
    assert named <= there


MAKE = re.compile(r"^make ([a-z]+)", re.MULTILINE)


def test_the_package_shows_the_readme():
    assert tomllib.loads(text("pyproject.toml"))["project"]["readme"] == "README.md"


# -- guards ---------------------------------------------------------------------------------------------------

TEST_FILE = re.compile(r"tests/[\w/]+\.\w+")


def guards() -> Iterator[tuple[str, str]]:
    """(where, what follows) for every "Falls without" in the source, comment marks and line breaks gone."""
    for module in modules():
        whole = re.sub(r"\n\s*#?\s*", " ", module.path.read_text("utf-8"))
        for found in re.finditer(r"Falls without[^:]{0,40}:(.{0,200})", whole):
            yield module.name, found[1]


def test_every_guard_names_the_test_that_falls_without_it():
    nameless = [where for where, told in guards() if not TEST_FILE.match(told.strip())]
    assert not nameless, "\n".join(nameless)


def test_every_test_that_the_source_names_is_there():
    named = {
        (str(module.path.relative_to(ROOT)), name)
        for module in modules()
        for name in TEST_FILE.findall(module.path.read_text("utf-8"))
    }
    lost = [f"{where}: {name}" for where, name in sorted(named) if not (ROOT / name).exists()]
    assert not lost, "\n".join(lost)


def test_every_page_that_the_source_names_is_there():
    named = {
        (str(module.path.relative_to(ROOT)), name)
        for module in modules()
        for name in re.findall(r"docs/[\w/-]+\.md", module.path.read_text("utf-8"))
    }
    lost = [f"{where}: {name}" for where, name in sorted(named) if not (ROOT / name).exists()]
    assert not lost, "\n".join(lost)


def test_every_control_in_threats_names_a_test():
    table = [row for title in threat_parties() for row in rows("docs/threats.md", title)]
    assert table
    bare = [row[0] for row in table if not TEST_FILE.search(row[-1])]
    assert not bare, "\n".join(bare)


def threat_parties() -> list[str]:
    return re.findall(r"^### (.+)$", section("docs/threats.md", "By party"), re.MULTILINE)
