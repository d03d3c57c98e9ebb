"""Own records as their bureau's people find, enter, amend, keep and withdraw them; never another's."""

from comity.domain.journal import Act
from tests.web.console.at_work import at, moved, said, working

__all__ = ["at", "working"]

CAR = {"collection": "smv", "plate": "BE 777 ZZ", "plate_country": "XB", "status": "stolen"}
MAN = {
    "collection": "nominals",
    "reference": "P-77",
    "name-0-full": "<b>Quirin</b> Zabelthau",
    "nationalities": "XB",
    "status": "suspect",
    "purpose": "inform",
}


def test_a_record_is_entered_once_amended_and_withdrawn(at, working):
    ben = at("bergenia", "ben")
    before = [one.act for one in working.journal("bergenia")].count(Act.RECORDS_IMPORTED)
    told = CAR | {"reference": "2031/77"}  # as many bureaus number their files
    place = {moved(ben.post("/records", once="car", **told)) for _ in range(2)}.pop()
    assert [one.act for one in working.journal("bergenia")].count(Act.RECORDS_IMPORTED) == before + 2  # begun, finished
    place = place.replace("%25", "%")  # as a server hands the path on
    assert "BE 777 ZZ" in said(ben.get(place))
    assert "2031/77" in said(ben.get("/records", collection="smv", q="BE777ZZ"))
    form = ben.get(f"{place}/edit")
    assert 'value="BE 777 ZZ"' in form.text
    moved(ben.post(f"{place}/edit", version="1", colour="red", **CAR))
    assert "red" in said(ben.get(place))
    late = ben.post(f"{place}/edit", version="1", colour="blue", **CAR)
    assert late.status == 409
    assert "has version 2 by now" in said(late)
    assert 'value="blue"' in late.text
    why = ben.post(f"{place}/withdraw", reason="")
    assert why.status == 400
    assert 'href="#reason"' in why.text
    moved(ben.post(f"{place}/withdraw", reason="recovered"))
    assert ben.get(place).status == 404


def test_gaps_are_named_and_what_was_typed_stays(at):
    ben = at("bergenia", "ben")
    wanting = ben.post("/records", **(MAN | {"status": "", "purpose": ""}))
    assert wanting.status == 400
    assert 'href="#status"' in wanting.text
    assert 'href="#purpose"' in wanting.text
    assert "&lt;b&gt;Quirin" in wanting.text
    wrong = ben.post("/records", **(MAN | {"nationalities": "QQ"}))
    assert wrong.status == 400
    assert "is no country code" in said(wrong)
    place = moved(ben.post("/records", **MAN))
    assert "<b>Quirin" not in ben.get(place).text
    late = ben.post(f"{place}/extend", until="2090-01-01", why="Trial.")
    assert late.status == 400
    assert 'href="#until"' in late.text
    assert 'value="2090-01-01"' in late.text


def test_amending_keeps_what_the_form_has_no_field_for(at, working):
    ben = at("bergenia", "ben")
    form = ben.get("/records/nominals.P-1/edit")
    assert 'value="Ivan Sorokin"' in form.text
    told = {"status": "wanted", "purpose": "arrest", "warnings": "armed", "action": "Call.", "births": "1971-03-09"}
    names = {"name-0-full": "Сорокин Иван Петрович", "name-1-full": "Ivan Sorokin", "name-1-kind": "alias"}
    moved(ben.post("/records/nominals.P-1/edit", version="1", sex="M", nationalities="XB", **told, **names))
    record = working["bergenia"].records.show("nominals", "P-1", "", working.cast["ben"])
    assert [one.full for one in record.subject.names] == ["Сорокин Иван Петрович", "Ivan Sorokin"]


def test_who_may_see_own_records(at):
    assert at("aldova", "ada").get("/records").status == 403
    assert "Your bureau has no records here." in said(at("aldova", "dora").get("/records"))
    ben = at("bergenia", "ben")
    for page in ("/records/reviews", "/records/passed", "/records/imports"):
        assert ben.get(page).status == 200
    imports = ben.get("/records/imports").text
    number = imports.partition('href="/records/imports/')[2].partition('"')[0]
    assert "No row was refused." in said(ben.get(f"/records/imports/{number}"))
    assert at("bergenia", "sara").get("/records/readmit").status == 200
    assert ben.get("/records/readmit").status == 403
