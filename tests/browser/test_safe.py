"""What others' pages cannot make a browser do with a console in which somebody is signed in."""

from playwright.sync_api import Page

from tests.browser.person import Person

# Another program on the same machine: for a browser the same site, so that cookies go along, but another origin.
ELSEWHERE = "http://localhost:9/"


def lured(victim: Person, html: str) -> Page:
    """They open somebody else's page while they are signed in."""
    victim.page.route(ELSEWHERE, lambda route: route.fulfill(content_type="text/html", body=html))
    victim.page.goto(ELSEWHERE)
    return victim.page


def test_a_form_on_another_page_does_nothing(person):
    ada = person("ada")
    page = lured(ada, f'<form method="post" action="{ada.origin}/sign-out"><button>Win a prize</button></form>')
    with page.expect_navigation():
        page.get_by_role("button").click()
    ada.open("/")
    assert page.locator("header nav").count() == 1, "Ada was signed out by somebody else's page"


def test_a_script_on_another_page_reads_nothing(person):
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
