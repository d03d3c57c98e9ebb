"""The consolidated list of the United Nations Security Council (XML): its individuals as records of persons."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from lxml import etree

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.domain.person import Person
from comity.formats.country_names import code_of
from comity.formats.lines import BYTE_ORDER_MARK, Source, opened
from comity.formats.row import Row

_CHUNK_BYTES = 64 * 1024
_DOCTYPE = b"<!doctype"
_ENCODINGS = (b"utf-8", b"us-ascii")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ESTIMATED_YEARS_MAX = 10  # a longer span of years says too little to be taken
_NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
# What the list says of an alias: whether it is good enough to know the person by.
_ALIAS_KINDS = {"good": "alias", "low": "weak-alias", "a.k.a.": "alias", "f.k.a.": "alias"}
_SEXES = {"male": "M", "female": "F"}
_DOCUMENT_TYPES = (
    (("diplomatic passport",), "diplomatic-passport"),
    (("service passport", "official passport"), "official-passport"),
    (("passport", "passeport", "pasaporte"), "passport"),
    (("driv",), "driving-licence"),
    (("national identi", "identity card", "federal identity", "tazkira", "bundespersonalausweis"), "identity-card"),
)


def read(source: Source, from_line: int = 1) -> Iterator[Row]:
    """Each individual as a row, by the list's own reference number; entities come as skipped rows.

    Raises Invalid for what is not such a list: a DOCTYPE, another encoding than UTF-8, XML that is not well formed.
    Raises TooLarge beyond IMPORT_XML_BYTES_MAX.
    """
    parser: Any = etree.XMLPullParser(
        events=("end",),
        tag=("INDIVIDUAL", "ENTITY"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    for chunk in _checked(source):
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as wrong:
            raise Invalid(f"The file is not well-formed XML: {wrong.msg}.", do="Fetch the list again.") from None
        for _, element in parser.read_events():
            if element.sourceline >= from_line:
                yield _row(element)
            _forget(element)
    try:
        root = parser.close()
    except etree.XMLSyntaxError as wrong:
        raise Invalid(f"The file is not well-formed XML: {wrong.msg}.", do="Fetch the list again.") from None
    if root.tag != "CONSOLIDATED_LIST":
        raise Invalid(f"The file is no consolidated list: it begins with {root.tag}.", do="Fetch the list again.")


def _checked(source: Source) -> Iterator[bytes]:
    """The file in pieces, none of which reaches beyond the file or grows without end.

    A document type could name entities that are other files, or that multiply: there is none anywhere in a list.
    Falls without it: tests/formats/test_lists.py
    """
    with opened(source) as stream:
        size, before = 0, b""
        while piece := stream.read(_CHUNK_BYTES):
            if not size:
                _check_beginning(piece)
            if _DOCTYPE in (before + piece).lower():
                raise Invalid(
                    "The file has a document type (DOCTYPE), which no list needs.", do="Fetch the list again."
                )
            before = piece[-len(_DOCTYPE) :]
            size += len(piece)
            if size > limits.IMPORT_XML_BYTES_MAX:
                raise TooLarge(
                    f"The file is larger than {limits.IMPORT_XML_BYTES_MAX // 1024**2} MiB.", do="Split the list."
                )
            yield piece


def _check_beginning(piece: bytes) -> None:
    """In another encoding than UTF-8 a document type would not be seen."""
    text = piece.removeprefix(BYTE_ORDER_MARK).lstrip()
    declared = _ENCODING.match(text)
    if not text.startswith(b"<") or b"\x00" in text or (declared and declared.group(1).lower() not in _ENCODINGS):
        raise Invalid("The file is no XML in UTF-8.", do="Fetch the list again.")


def _forget(element: Any) -> None:
    """Memory stays the same however long the list is."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _row(element: Any) -> Row:
    line, reference = element.sourceline, _text(element, "REFERENCE_NUMBER")
    if element.tag == "ENTITY":
        return Row(line=line, reference=reference, skipped="an entity, not a person")
    if not reference or len(reference) > limits.CODE_CHARS_MAX:
        return Row(
            line=line, reference=reference[: limits.CODE_CHARS_MAX], refused="It has no usable reference number."
        )
    try:
        return Row(line=line, reference=reference, subject=msgspec.convert(_person(element), Person))
    except msgspec.ValidationError as wrong:
        return Row(line=line, reference=reference, refused=str(wrong))


def _person(one: Any) -> dict[str, Any]:
    places = [_place(place) for place in one.iterfind("INDIVIDUAL_PLACE_OF_BIRTH")]
    born_in = [
        code
        for code in (code_of(_text(place, "COUNTRY")) for place in one.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"))
        if code
    ]
    documents = _documents(one)
    in_prose = [" ".join(filter(None, document.values())) for document in documents if not _is_number(document)]
    return {
        "kind": "person",
        "names": _names(one),
        "births": _births(one),
        "sex": _SEXES.get(_text(one, "GENDER").lower(), "U"),
        "nationalities": _unique(code_of(text) for text in _values(one, "NATIONALITY")),
        "birth_place": "; ".join(filter(None, places))[: limits.TEXT_CHARS_MAX],
        "birth_country": born_in[0] if len(set(born_in)) == 1 else "",
        "documents": [document for document in documents if _is_number(document)],
        "status": "sanctioned",
        "purpose": "sanction",
        "occupation": "; ".join(_values(one, "DESIGNATION"))[: limits.TEXT_CHARS_MAX],
        "addresses": _unique(_place(place) for place in one.iterfind("INDIVIDUAL_ADDRESS")),
        "facts": _facts(one, in_prose)[: 4 * limits.TEXT_CHARS_MAX],
    }


def _names(one: Any) -> list[dict[str, str]]:
    parts = [part for part in (_text(one, tag) for tag in _NAME_PARTS) if part]
    names = [{"full": " ".join(parts), "kind": "main"}] if parts else []
    names += [{"full": text, "kind": "original-script"} for text in _split(_text(one, "NAME_ORIGINAL_SCRIPT"))]
    for alias in one.iterfind("INDIVIDUAL_ALIAS"):
        kind = _ALIAS_KINDS.get(_text(alias, "QUALITY").lower(), "weak-alias")
        names += [{"full": text, "kind": kind} for text in _split(_text(alias, "ALIAS_NAME"))]
    seen: dict[str, dict[str, str]] = {}
    for name in names:
        seen.setdefault(name["full"], name)
    return list(seen.values())


def _split(text: str) -> list[str]:
    """Some entries hold several names, divided by semicolons."""
    return [part for part in (part.strip(" ,") for part in text.split(";")) if part]


def _births(one: Any) -> list[str]:
    dates = [date for birth in one.iterfind("INDIVIDUAL_DATE_OF_BIRTH") for date in _birth(birth)]
    return _unique(dates)


def _birth(birth: Any) -> list[str]:
    """Partial dates: an approximate one as its year, a span of years as each of them."""
    estimated = _text(birth, "TYPE_OF_DATE").upper() == "APPROXIMATELY"
    if day := _text(birth, "DATE")[:10]:
        return [day[:4] if estimated else day]
    if year := _text(birth, "YEAR"):
        return [year[:4]]
    first, last = _text(birth, "FROM_YEAR")[:4], _text(birth, "TO_YEAR")[:4]
    if first.isdecimal() and last.isdecimal() and 0 <= int(last) - int(first) <= _ESTIMATED_YEARS_MAX:
        return [str(year) for year in range(int(first), int(last) + 1)]
    return []


def _documents(one: Any) -> list[dict[str, str]]:
    found = [_document(document) for document in one.iterfind("INDIVIDUAL_DOCUMENT") if _text(document, "NUMBER")]
    return [document for index, document in enumerate(found) if document not in found[:index]]


def _document(document: Any) -> dict[str, str]:
    kind = f"{_text(document, 'TYPE_OF_DOCUMENT2')} {_text(document, 'TYPE_OF_DOCUMENT')}".lower()
    country = code_of(_text(document, "ISSUING_COUNTRY")) or code_of(_text(document, "COUNTRY_OF_ISSUE"))
    issued = _text(document, "DATE_OF_ISSUE")
    day = issued if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", issued) else ""
    place = _text(document, "CITY_OF_ISSUE")
    notes = [
        _text(document, "TYPE_OF_DOCUMENT2"),
        place and f"Issued in {place}.",
        _text(document, "NOTE"),
        "" if day else issued,
    ]
    return {
        "number": _text(document, "NUMBER"),
        "type": next((known for words, known in _DOCUMENT_TYPES if any(word in kind for word in words)), "other"),
        "country": country,
        "issued": day,
        "note": " ".join(filter(None, notes)),
    }


def _is_number(document: dict[str, str]) -> bool:
    """Some entries tell a story where a number belongs; nobody is left off the list for that."""
    return len(document["number"]) <= limits.CODE_CHARS_MAX


def _facts(one: Any, documents_in_prose: list[str]) -> str:
    facts = (
        _text(one, "COMMENTS1"),
        _labelled("Title", _values(one, "TITLE")),
        _labelled("Listed on", [_text(one, "LISTED_ON")]),
        _labelled("List", [_text(one, "UN_LIST_TYPE")]),
        _labelled("Amended", _values(one, "LAST_DAY_UPDATED")),
        _labelled("Documents", documents_in_prose),
    )
    return "\n".join(filter(None, facts))


def _labelled(label: str, values: list[str]) -> str:
    known = [value for value in values if value]
    return f"{label}: {', '.join(known)}." if known else ""


def _place(place: Any) -> str:
    parts = (_text(place, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"))
    return ", ".join(part for part in parts if part)


def _values(one: Any, tag: str) -> list[str]:
    return [text for text in (_clean(value.text) for value in one.iterfind(f"{tag}/VALUE")) if text]


def _text(element: Any, tag: str) -> str:
    return _clean(element.findtext(tag))


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _unique(texts: Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
