"""The US Treasury's list of Specially Designated Nationals (OFAC SDN, CSV): its individuals as records of persons."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.domain.person import Person
from comity.formats.country_names import code_of
from comity.formats.row import Row

_NOTHING = "-0-"
_ESTIMATED_YEARS_MAX = 10  # a longer span of years says too little to be taken
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_MONTH_NAMES, 1)}
_DAY = r"(?:(?:(?P<day>\d{1,2}) )?(?P<month>[A-Z][a-z]{2}) )?(?P<year>\d{4})"
_BIRTH = re.compile(rf"(?P<about>circa )?{_DAY}(?P<rest>.*)")
_SPAN = re.compile(
    r"(?:circa )?(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?(\d{4})\s*(?:to|-)\s*(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?(\d{4})"
)
_REMARK = re.compile(
    r"(?:alt\. )?(DOB|POB|nationality|citizen|Gender|a\.k\.a\.|Email Address|Phone Number) ?(.*)", re.DOTALL
)
_DOCUMENT_KINDS = (
    ("Passport", "passport"),
    ("Diplomatic Passport", "diplomatic-passport"),
    ("National ID No.", "identity-card"),
    ("Cedula No.", "identity-card"),
    ("Identification Number", "identity-card"),
    ("D.N.I.", "identity-card"),
    ("Driver's License No.", "driving-licence"),
    ("Residency Number", "residence-permit"),
    ("R.F.C.", "other"),
    ("C.U.R.P.", "other"),
    ("Tax ID No.", "other"),
    ("SSN", "other"),
    ("Electoral Registry No.", "other"),
    ("Personal ID Card", "identity-card"),
    ("Stateless Person ID Card", "identity-card"),
    ("Birth Certificate Number", "other"),
    ("Registration ID", "other"),
)
_DOCUMENT = re.compile(
    r"(?:alt\. )?(?P<kind>" + "|".join(re.escape(kind) for kind, _ in _DOCUMENT_KINDS) + r") (?P<number>[^()]+?)"
    r"(?: \((?P<country>[^)]*)\))?(?: issued (?P<issued>\d{1,2} [A-Z][a-z]{2} \d{4}))?"
    r"(?: expires (?P<expires>\d{1,2} [A-Z][a-z]{2} \d{4}))?\.?"
)
_TYPES = dict(_DOCUMENT_KINDS)
_SEXES = {"male": "M", "female": "F"}


def read(path: Path, from_line: int = 1) -> Iterator[Row]:
    """Each individual of `…sdn.csv` as a row, by its entity number; companies, vessels and aircraft as skipped rows.

    Aliases, addresses and remarks that run on are taken from `…alt.csv`, `…add.csv` and `…sdn_comments.csv` beside it.
    All four are in the order of entity numbers, so they are read side by side. Raises Invalid where they are not.
    """
    aliases, addresses, comments = (_Beside(path, name) for name in ("alt", "add", "sdn_comments"))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for line, cells in _rows(file, path.name):
            number, name, kind, program, title = cells[:5]
            rows = (aliases.of(number), addresses.of(number), comments.of(number))
            if line < from_line:
                continue
            if kind != "individual":
                yield Row(line=line, reference=number, skipped=f"{kind or 'an entity'}, not a person")
                continue
            remarks = cells[11] + " " + " ".join(row[1] for row in rows[2])
            try:
                content = _person(name, program, title, remarks, rows[0], rows[1])
                yield Row(line=line, reference=number, subject=msgspec.convert(content, Person))
            except msgspec.ValidationError as wrong:
                yield Row(line=line, reference=number, refused=str(wrong))


class _Beside:
    """A file beside the list, read in step with it."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path.with_name(path.name.replace("sdn", name))
        self._rows = self._read()
        self._next = next(self._rows, None)

    def of(self, number: str) -> list[list[str]]:
        """The rows of one entity; asked in rising order of numbers."""
        rows = []
        while self._next is not None and int(self._next[0]) <= int(number):
            if self._next[0] == number:
                rows.append(self._next)
            self._next = next(self._rows, None)
        return rows

    def _read(self) -> Iterator[list[str]]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            for _, cells in _rows(file, self._path.name, columns_min=2):
                yield cells


def _rows(file: Any, name: str, columns_min: int = 12) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) with `-0-` as nothing. The files end with a control character, which is passed over."""
    reader = csv.reader(file)
    line, last = 1, 0
    for cells in reader:
        plain = ["" if cell.strip() == _NOTHING else " ".join(cell.split()) for cell in cells]
        if plain and plain[0].isdecimal():
            if len(plain) < columns_min or int(plain[0]) < last:
                raise Invalid(
                    "The row has too few columns or stands out of order.",
                    where=f"{name} line {line}",
                    do="Fetch the files of the list again, all of the same day.",
                )
            last = int(plain[0])
            yield line, plain
        line = reader.line_num + 1


def _person(
    name: str, program: str, title: str, remarks: str, aliases: list[list[str]], addresses: list[list[str]]
) -> dict[str, Any]:
    names = [_name(name, "main")]
    names += [_name(cells[3], "alias") for cells in aliases if cells[3]]
    found: dict[str, list[str]] = {}
    documents, facts = [], []
    for remark in (part.strip() for part in remarks.split(";")):
        if known := _REMARK.fullmatch(remark):
            found.setdefault(known[1], []).append(known[2].strip().rstrip("."))
        elif (document := _DOCUMENT.fullmatch(remark)) and len(document["number"]) <= limits.CODE_CHARS_MAX:
            documents.append(_document(document))
        elif remark:
            facts.append(remark.rstrip("."))
    names += [_name(text.strip(" '\"‘’"), "weak-alias") for text in found.get("a.k.a.", []) if text.strip(" '\"‘’")]
    countries = (code_of(text) for text in (*found.get("nationality", []), *found.get("citizen", [])))
    return {
        "kind": "person",
        "names": _unique_by_name(names),
        "births": _unique(date for text in found.get("DOB", []) for date in _births(text)),
        "sex": _SEXES.get((found.get("Gender") or [""])[0].lower(), "U"),
        "nationalities": _unique(countries),
        "birth_place": "; ".join(found.get("POB", []))[: limits.TEXT_CHARS_MAX],
        "documents": documents,
        "status": "sanctioned",
        "purpose": "sanction",
        "occupation": title,
        "addresses": _unique(", ".join(part for part in cells[2:5] if part) for cells in addresses if len(cells) > 4),
        "phones": [text for text in found.get("Phone Number", []) if len(text) <= limits.CODE_CHARS_MAX],
        "emails": found.get("Email Address", []),
        "facts": ". ".join([*facts, f"Programme: {program}"])[: 4 * limits.TEXT_CHARS_MAX],
    }


def _name(text: str, kind: str) -> dict[str, str]:
    """`FAMILY, Given` as both parts and the whole."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma or not given:
        return {"full": text, "kind": kind}
    return {"full": f"{given} {family}", "family": family, "given": given, "kind": kind}


def _births(text: str) -> list[str]:
    """Partial dates: an approximate one as its year, a span of years as each of them."""
    if span := _SPAN.fullmatch(text):
        first, last = int(span[1]), int(span[2])
        return [str(year) for year in range(first, last + 1)] if last - first <= _ESTIMATED_YEARS_MAX else []
    date = _BIRTH.fullmatch(text)
    if not date or date["rest"]:
        return []
    if date["about"] or date["month"] not in _MONTHS:
        return [date["year"]]
    month = f"{date['year']}-{_MONTHS[date['month']]}"
    return [f"{month}-{int(date['day']):02}" if date["day"] else month]


def _document(document: re.Match[str]) -> dict[str, str]:
    return {
        "number": document["number"].strip().lstrip("#"),
        "type": _TYPES[document["kind"]],
        "country": code_of(document["country"] or ""),
        "issued": (_births(document["issued"] or "") or [""])[0],
        "expires": (_births(document["expires"] or "") or [""])[0],
        "note": "" if _TYPES[document["kind"]] != "other" else document["kind"],
    }


def _unique_by_name(names: list[dict[str, str]]) -> list[dict[str, str]]:
    seen: dict[str, dict[str, str]] = {}
    for name in names:
        seen.setdefault(name["full"], name)
    return list(seen.values())


def _unique(texts: Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
