"""Files beside letters: whole by a form, part by part by script, kept under a safe name, never run, never another's."""

from comity.domain import limits
from tests.web.console.at_work import LETTER, a_case, at, moved, said, working

__all__ = ["at", "working"]
PART = b"x" * 65_536  # no part is smaller, but the last


def a_draft(console, number):
    return moved(console.post(f"{a_case(console, number)}/letters", **LETTER))


def test_a_form_brings_a_file_and_whoever_may_read_keeps_it(at, working):
    ada, ben = at("aldova", "ada"), at("bergenia", "ben")
    letter = a_draft(ada, "AL-20")
    content = b"<script>alert(1)</script>" * 60_000  # more than a part, and than what is held in memory
    moved(ada.upload(f"{letter}/files", "pier.html", content))
    page = ada.get(letter)
    assert "pier.html" in page.text
    place = page.text.partition('href="/files/')[2].partition('"')[0]
    kept = ada.get(f"/files/{place}")
    assert kept.text.encode() == content
    assert kept.fields["content-disposition"] == "attachment; filename*=UTF-8''pier.html"
    assert kept.fields["content-type"] == "application/octet-stream"
    assert kept.fields["content-security-policy"] == "sandbox"
    assert ben.get(f"/files/{place}").status == 404
    moved(ada.post(f"{letter}/send"))
    working.post()
    came = ben.get(letter)
    assert "pier.html" in came.text
    assert "nothing found by the scanner" in came.text


def test_a_file_comes_part_by_part_and_goes_on_where_it_was(at):
    ada = at("aldova", "ada")
    letter = a_draft(ada, "AL-21")
    begun = ada.post(f"{letter}/uploads", name="film.mp4", type="video/mp4", size="65541")
    assert (begun.status, begun.fields["upload-offset"]) == (201, "0")
    place = begun.fields["location"]
    assert ada.bring(place, 0, PART).fields["upload-offset"] == "65536"
    assert ada.get(f"{place}/progress").fields["upload-offset"] == "65536"
    assert ada.bring(place, 0, PART).status == 409  # came already
    assert ada.bring(place, 65_536, b"56789", csrf="another").status == 403
    assert ada.bring(place, 65_536, b"56789").fields["upload-offset"] == "65541"
    assert ada.get(place).text.encode() == PART + b"56789"
    assert at("aldova", "dora").bring(place, 0, PART).status == 404


def test_what_is_refused_is_said_on_the_page_of_the_letter(at):
    ada = at("aldova", "ada")
    letter = a_draft(ada, "AL-22")
    none = ada.post(f"{letter}/files")
    assert none.status == 400
    assert 'href="#file"' in none.text
    device = ada.upload(f"{letter}/files", "con.txt", b"x")
    assert device.status == 400
    assert "name of a device" in said(device)
    assert ada.bring("/files/none", 0, b"x" * (limits.FILE_PART_BYTES_MAX + 1)).status == 413
    assert ada.upload(f"{letter}/files", "a.txt", b"x", csrf="another").status == 403
