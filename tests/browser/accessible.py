"""What axe-core finds on a page that is open: rules of WCAG 2.0 to 2.2, A and AA, and its own of good practice."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]  # all that a theme changes
RUN = """async only => {
    const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], preload: false})
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html} ${node.failureSummary}`))
}"""


def found_by_axe(page: Page, *, colours_only: bool = False) -> list[str]:
    """One line for each thing: the rule, the element, what is wrong with it."""
    if not page.evaluate("typeof axe == 'object'"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": RULES_OF_COLOUR} if colours_only else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(RUN, only)
    return [" ".join(one.split()) for one in found]
