"""What a reader chooses for their screen is kept with their session; and the way back leads to no other host."""

import pytest

from comity.domain.errors import Invalid
from comity.domain.session import Language
from comity.web.console import accessibility
from comity.web.console.gate import Arrival
from comity.web.console.needs import ConsoleDesks
from comity.web.console.page import Form, Visit
from comity.web.console.settings import PAGES, choose
from tests.web.console.reader import NOW, session
from tests.web.console.reader import PAGES as PAGES_OF_A_BUREAU


class Kept:
    """The desk of sessions, as far as a choice goes."""

    def __init__(self) -> None:
        self.chosen: dict[str, str] = {}

    def choose(self, token: str, **chosen: str) -> None:
        if "language" in chosen and chosen["language"] not in set(Language):
            raise Invalid("There is no such language.", do="Choose another.")
        self.chosen |= {"token": token} | chosen


def desks_with(kept: Kept) -> ConsoleDesks:
    return ConsoleDesks(**(dict.fromkeys(ConsoleDesks.__struct_fields__) | {"sessions": kept}))  # type: ignore[arg-type]


def visit(kept: Kept, **texts: str) -> Visit:
    form = Form({name: (text,) for name, text in texts.items()})
    return Visit(desks=desks_with(kept), session=session(), token="t1", form=form, now=NOW)


def test_a_choice_is_kept_and_the_reader_is_back_where_they_were():
    kept = Kept()
    moved = choose(visit(kept, language="ar", theme="dark", back="/hits/3"))
    assert kept.chosen == {"token": "t1", "language": "ar", "theme": "dark"}
    assert (moved.to, moved.said) == ("/hits/3", "Your choice is kept.")


@pytest.mark.parametrize("back", ["", "https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb", "hits"])
def test_the_way_back_leads_to_no_other_host(back: str):
    assert choose(visit(Kept(), language="fr", back=back)).to == "/"


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(Invalid):
        choose(visit(Kept(), language="tlh"))


def test_a_choice_is_made_by_a_form_alone():
    assert [page.method for page in PAGES] == ["POST"]


def test_the_statement_on_accessibility_is_open_to_whoever_comes():
    (gate,) = accessibility.GATES
    page = PAGES_OF_A_BUREAU.written(
        gate.show(Arrival(desks=desks_with(Kept()), origin="https://console.example")), None, gate.path, accepted="fr"
    )
    assert gate.path == "/accessibility"
    assert "<h1>Accessibilité</h1>" in page
    assert "WCAG 2.2" in page
    assert "la console de Aldova" in page
