"""A person's request as those see it who decide: received, admitted, searched, decided by two, answered in a letter."""

import msgspec

from comity.domain import limits
from comity.domain.caller import Role
from tests.web.console.at_work import at, moved, said, working

__all__ = ["at", "working"]

SHE = {"kind": "access", "name": "Ivan <i>Sorokin", "birth": "1971-03-09"}


def second(working):
    """Somebody else of Bergenia who may decide."""
    bergenia = working["bergenia"]
    account = bergenia.accounts.open("selma", "Selma", "legal", [Role.REVIEWER], bergenia.operator("test"))
    selma = {"account": account.id, "login": "selma", "roles": account.roles}
    working.cast["selma"] = msgspec.structs.replace(working.cast["sara"], **selma)


def test_a_request_is_decided_by_two_and_answered(at, working):
    second(working)
    sara, selma = at("bergenia", "sara"), at("bergenia", "selma")
    wrong = sara.post("/rights", **(SHE | {"birth": "soon"}))
    assert wrong.status == 400
    assert 'href="#birth"' in wrong.text
    assert 'value="soon"' in wrong.text
    place = moved(sara.post("/rights", **SHE))
    assert "Ivan &lt;i&gt;Sorokin" in sara.get(place).text
    unproved = sara.post(f"{place}/admit", identity="")
    assert unproved.status == 400
    assert 'href="#identity"' in unproved.text
    moved(sara.post(f"{place}/admit", identity="seen-in-person"))
    found = sara.post(f"{place}/search")
    assert "P-1 is about the person" in said(found)
    record = found.text.partition('name="record" value="')[2].partition('"')[0]
    moved(sara.post(f"{place}/concern", record=record))
    ask = sara.get(place).text.partition('href="/consultations/')[2].partition('"')[0].replace("&amp;", "&")
    one, _, request = ask.partition("?request=")
    moved(sara.post(f"/consultations/{one}/word", request=request, told="You are sought.", note="Agreed."))
    alone = sara.post(f"/consultations/{one}/confirm-word", request=request)
    assert alone.status == 403
    moved(selma.post(f"/consultations/{one}/confirm-word", request=request))
    moved(sara.post(f"{place}/decide", reason="As its source says."))
    assert "You proposed it: a second person confirms it." in said(sara.get(place))
    early = selma.post(f"{place}/confirm")
    assert early.status == 409
    working.time.pass_by(days=limits.CONSULTATION_DAYS + 1)
    selma, sara = at("bergenia", "selma"), at("bergenia", "sara")  # their sessions are long over
    moved(selma.post(f"{place}/confirm"))
    assert "You are sought." in said(sara.get(f"{place}/answer"))


def test_who_may_see_requests_and_who_may_not(at):
    assert at("bergenia", "ben").get("/rights").status == 403
    otto = at("corvia", "otto")
    page = said(otto.get("/rights"))
    assert "None. Whoever asks what is held of them" in page
    assert "Write a request down" not in page
    assert otto.get("/rights/new").status == 403
