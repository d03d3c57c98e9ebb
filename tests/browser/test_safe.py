"""What others' pages cannot make a browser do with a console in which somebody is signed in."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page

from tests.browser.person import Person

Lured = Callable[[Person, str], Page]


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = str(self.server.html).encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def lured() -> Iterator[Lured]:
    """`lured(victim, html)`: they open somebody else's page while they are signed in.

    It is another program on the same machine: for a browser the same site, so that cookies go along, but another
    origin. A page that only the browser made up would be kept from local addresses, whatever the console says.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def opens(victim: Person, html: str) -> Page:
            server.html = html  # type: ignore[attr-defined]
            victim.page.goto(f"http://localhost:{server.server_port}/")
            return victim.page

        yield opens
        server.shutdown()


def test_a_form_on_another_page_does_nothing(person, lured):
    ada = person("ada")
    page = lured(ada, f'<form method="post" action="{ada.origin}/sign-out"><button>Win a prize</button></form>')
    with page.expect_navigation():
        page.get_by_role("button").click()
    ada.open("/")
    assert page.locator("header nav").count() == 1, "Ada was signed out by somebody else's page"


def test_a_script_on_another_page_reads_nothing(person, lured):
    ada = person("ada")
    page = lured(ada, "<p>Welcome</p>")
    read = "address => fetch(address, {credentials: 'include'}).then(one => one.text()).catch(() => 'nothing')"
    assert page.evaluate(read, f"{ada.origin}/") == "nothing"
    blind = (
        "address => fetch(address, {credentials: 'include', mode: 'no-cors'}).then(() => 'something').catch(() => '')"
    )
    assert page.evaluate(blind, f"{ada.origin}/") == "", "cross-origin-resource-policy lets others embed it"


def test_a_script_that_got_into_a_page_does_not_run(person):
    page = person("ada").open("/")
    inject = """() => {
        const script = document.createElement('script')
        script.append('document.title = "taken over"')
        try { document.body.append(script) } catch (refused) { return String(refused) }
    }"""
    page.evaluate(inject)
    assert page.title() != "taken over"


def test_no_script_reads_the_cookie(person):
    assert person("ada").open("/").evaluate("document.cookie") == ""


def test_nothing_is_seen_by_going_back_after_signing_out(person):
    page = person("ada").open("/members")
    with page.expect_navigation():
        page.locator("form[action='/sign-out'] button").click()
    page.go_back()
    page.wait_for_load_state()
    assert page.url.partition("?")[0].endswith("/sign-in")
    assert "Bergenia" not in page.locator("body").inner_text()


def test_another_page_cannot_show_ours_in_a_frame(person, lured):
    ada = person("ada")
    page = lured(ada, f'<iframe src="{ada.origin}/lookup" width="900" height="600"></iframe>')
    page.wait_for_load_state("networkidle")
    shown = [frame.evaluate("document.body ? document.body.innerText : ''") for frame in page.frames[1:]]
    assert len(shown) == 1
    assert "Lookup" not in shown[0]
    assert "Comity" not in shown[0]
