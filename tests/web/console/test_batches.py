"""Lists: pasted or sent as a file, understood before anything is asked, looked up, and worked through."""

from comity.testing.federation import BERGENIA

BORDER = {"purpose": "border-control", "case": "XA-2026-7"}
FLIGHT = "seat,passport,country\n1A,B1234567,XBE\n1B,B7654321,XBE\n1C,B1,Nowhere\n"


def batch_of(ada, **sent) -> str:
    done = ada.post("/batches", act="screen", **BORDER, **sent)
    assert done.status == 303, done.text
    return done.fields["location"]


def test_a_list_is_looked_up_and_its_queue_worked_through(console):
    ada = console("aldova", "ada")
    page = ada.get(batch_of(ada, pasted=FLIGHT)).text
    assert "Line 2" in page
    assert "1A" in page
    assert "stolen" in page
    assert "Line 3" not in page.split("Lines not asked")[0]  # nothing was found on it
    assert "Nowhere" in page  # why line 4 was not asked
    assert "No record never means clear." in page
    assert "1 finding of a list to look at" in ada.get("/").text
    entry = page.split('action="/queue/')[1].split("/")[0]
    taken = ada.post(f"/queue/{entry}/take-up")
    assert taken.fields["location"] == f"/hits/{entry}"
    assert "A hit is a lead" in ada.get(f"/hits/{entry}").text
    assert "pasted.csv" in ada.get("/batches").text


def test_what_is_not_the_one_is_dismissed_with_a_reason(console):
    ada = console("aldova", "ada")
    where = batch_of(ada, pasted=FLIGHT)
    entry = ada.get(where).text.split('action="/queue/')[1].split("/")[0]
    assert ada.post(f"/queue/{entry}/dismiss", reason="").status == 400
    assert ada.post(f"/queue/{entry}/dismiss", reason="Reported by mistake").status == 303
    assert "Nothing waits in this queue. This does not mean" in ada.get(where).text


def test_the_columns_are_shown_before_anything_is_asked(console, federation):
    ada = console("aldova", "ada")
    before = len(federation.journal("aldova"))
    page = ada.post("/batches", act="see", pasted=FLIGHT, **BORDER).text
    assert "nothing was asked yet" in page
    assert "document number" in page
    assert len(federation.journal("aldova")) == before


def test_a_file_is_taken_and_who_kept_silent_is_said_and_asked_again(console, federation):
    ada = console("aldova", "ada")
    federation.line.out_of_reach.add(BERGENIA)
    done = ada.upload("/batches", "flight.csv", FLIGHT.encode(), act="screen", **BORDER)
    assert done.status == 303
    assert "nothing is known from there" in ada.get(done.fields["location"]).text
    federation.line.out_of_reach.clear()
    federation.nodes["aldova"].lookups.elsewhere.resting.clear()
    again = ada.upload("/batches", "flight.csv", FLIGHT.encode(), act="silent", **BORDER)
    assert again.fields["location"] == done.fields["location"]
    assert "nothing is known from there" not in ada.get(done.fields["location"]).text


def test_each_refusal_says_what_to_do_beside_its_field(console):
    ada = console("aldova", "ada")
    for sent, told in (
        ({"pasted": ""}, "Paste it, or choose a file"),
        ({"pasted": "passport,colour of shoes\nB1,red\n"}, "colour of shoes"),
        ({"pasted": FLIGHT, "days": "backwards"}, "Choose another order"),
    ):
        page = ada.post("/batches", act="screen", **BORDER, **sent)
        assert page.status == 400
        assert told in page.text
    assert "A purpose is needed" in ada.post("/batches", act="screen", pasted=FLIGHT, case="XA-1").text


def test_what_a_list_says_is_text_and_its_unit_alone_sees_it(console):
    ada = console("aldova", "ada")
    where = batch_of(ada, pasted="seat,passport,country\n<script>alert(1)</script>,B1234567,XBE\n")
    page = ada.get(where).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert console("corvia", "cora").get(where).status == 404
    assert console("corvia", "otto").get("/batches").status == 403
