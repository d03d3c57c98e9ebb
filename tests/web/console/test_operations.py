"""A joint operation as its lead and its members see it: founded, joined, written into, closed."""

from tests.web.console.at_work import a_case, at, moved, said, working

__all__ = ["at", "working"]


def test_an_operation_is_founded_shared_and_closed(at, working):
    ada, ben = at("aldova", "ada"), at("bergenia", "ben")
    case = a_case(ada, "AL-30")
    nameless = ada.post(f"{case}/operations", name="")
    assert nameless.status == 400
    assert 'href="#name"' in nameless.text
    place = moved(ada.post(f"{case}/operations", name="Ferry <i>"))
    assert "Ferry &lt;i&gt;" in ada.get(place).text
    moved(ada.post(f"{place}/log", deed="joined", bureau="bergenia", shares_from="1"))
    working.post()
    assert "It lies with the duty desk." in said(ben.get(place))
    moved(ben.post(f"{place}/file", case=a_case(ben, "BE-30").rpartition("/")[2]))
    moved(ben.post(f"{place}/log", deed="noted", text="The car stands at pier 4."))
    assert "on its way to the lead" in said(ben.get(place))
    gaps = ada.post(f"{place}/log", deed="task-set", task="t1", title="", owner="bergenia", due_on="tomorrow")
    assert gaps.status == 400
    assert 'href="#title"' in gaps.text
    moved(ada.post(f"{place}/log", deed="task-set", task="t1", title="Watch it", owner="bergenia", due_on="2031-01-01"))
    working.post()
    page = said(ada.get(place))
    assert "The car stands at pier 4." in page
    assert "signed to us by its writer" in page
    forbidden = ben.post(f"{place}/log", deed="closed", report="All done.")
    assert forbidden.status in (403, 409)
    assert "End it with a report" not in said(ben.get(place))
    moved(ada.post(f"{place}/log", deed="closed", report="The car was found."))
    assert "The car was found." in said(ada.get(place))
    assert "Write into the log" not in said(ada.get(place))
    assert at("corvia", "cora").get(place).status == 404
    assert "Ferry" in said(ada.get("/operations"))
