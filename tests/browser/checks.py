"""What must hold of every page that is open, each as what was found wrong, one line for each thing."""

from playwright.sync_api import Page

NARROW_PIXELS = 320  # 1,280 at four times the size: WCAG 2.2, 1.4.10
BYTES_MAX = {"": 200_000, "/network": 500_000, "/map": 500_000}  # of a first load; by how the path begins
STOPS_MAX = 300

WIDER = """() => [...document.querySelectorAll('body *')]
    .filter(() => document.documentElement.scrollWidth > innerWidth)
    .filter(one => { const box = one.getBoundingClientRect(); return box.left < -1 || box.right > innerWidth + 1 })
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""
BYTES = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
        const style = getComputedStyle(one)
        return [style.transitionDuration, style.animationDuration].some(each => parseFloat(each) > 0.01)
    }).map(one => one.outerHTML.slice(0, 120))"""
# Where the keyboard is: its place in the document, whether a ring shows it, whether it can be seen.
STOP = """() => {
    const one = document.activeElement
    if (!one || one === document.body) return null
    const style = getComputedStyle(one), box = one.getBoundingClientRect()
    const over = document.elementFromPoint(box.x + Math.min(box.width, 20) / 2, box.y + Math.min(box.height, 20) / 2)
    return {
        place: [...document.querySelectorAll('*')].indexOf(one),
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0 && !!over && (one.contains(over) || over.contains(one)),
        html: one.outerHTML.slice(0, 120),
    }
}"""


def without_signposts(page: Page) -> list[str]:
    """One heading of the first rank, one main part, navigation with a name, a title that names the page first."""
    wanted = {"h1": 1, "main": 1, "header": 1, "nav[aria-label]": None, "main h1": 1, "a.skip[href='#main']": 1}
    counted = {selector: page.locator(selector).count() for selector in wanted}
    wrong = [
        f"{each} × {counted[each]}" for each, many in wanted.items() if counted[each] != (many or counted[each] or 1)
    ]
    heading = page.locator("h1").first.inner_text().strip()
    return wrong + ([] if page.title().startswith(heading) and heading else [f"title {page.title()!r}, h1 {heading!r}"])


def wider_than_a_narrow_screen(page: Page) -> list[str]:
    """What makes one scroll sideways, but for what scrolls within itself."""
    before = page.viewport_size
    page.set_viewport_size({"width": NARROW_PIXELS, "height": 800})
    found: list[str] = page.evaluate(WIDER)
    if before:
        page.set_viewport_size(before)
    return found


def weight(page: Page) -> int:
    """Bytes of a first load, as they came over the line: the page and all that it asked for."""
    bytes_sent: int = page.evaluate(BYTES)
    return bytes_sent


def heavier_than_promised(page: Page, path: str) -> list[str]:
    bytes_max = max((begin, most) for begin, most in BYTES_MAX.items() if path.startswith(begin))[1]
    return [f"{weight(page):,} bytes"] if weight(page) > bytes_max else []


def moving_for_whom_it_must_not(page: Page) -> list[str]:
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    return found


def lost_by_keyboard(page: Page) -> list[str]:
    """Stops of the tabulator without a ring, unseen, or not in reading order."""
    wrong, first, last = [], -1, -1
    page.evaluate("document.activeElement?.blur()")
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["place"] == first != last:
            break  # through, or at the beginning again
        first = stop["place"] if first < 0 else first
        wrong += [f"{what}: {stop['html']}" for what in ("ring", "seen") if not stop[what]]
        if stop["place"] < last:  # the same again: a day, a month and a year are stops of one field
            wrong.append(f"order: {stop['html']}")
            break
        last = stop["place"]
    return wrong
