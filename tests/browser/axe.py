"""axe on a page, as the bars of the design ask: light and dark, narrow and wide."""

from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 1280)

# A box that is fading in has not yet the contrast that its reader will see. What never ends (a
# spinner) is not waited for; one still frame may be the one before a fade begins.
STILL = """() => new Promise(resolve => {
  const moves = a => a.playState === "running" && isFinite(a.effect.getComputedTiming().endTime);
  let still = 0;
  const look = () => {
    still = document.getAnimations().some(moves) ? 0 : still + 1;
    still > 3 ? resolve(true) : requestAnimationFrame(look);
  };
  look();
})"""


# What is well is not told, and no rule that is run reads the style sheets again.
_ALL = {"resultTypes": ["violations"], "preload": False}
# What the dark theme can break of a page that is well in the light one.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, **_ALL}


# Contrast is three quarters of what axe does. Of texts whose own style, and that of all that holds
# them, is the same, one is measured: what lies behind them is the same too. What is placed over
# something else is of a kind of its own, and so is what holds no text of its own (a field).
_RUN = """options => {
  const rule = axe._audit.rules.find(each => each.id === "color-contrast");
  rule.isAskedAbout ??= rule.matches;
  const kinds = new Map(), names = new Map(), measured = new Set();
  const kindOf = element => {
    if (!element) return 0;
    if (!kinds.has(element)) {
      const style = getComputedStyle(element);
      const name = [
        kindOf(element.parentElement), element.tagName, element.getAttribute("class"),
        style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode, style.textShadow, style.fontSize, style.fontWeight, style.zIndex,
        ["static", "relative"].includes(style.position) ? "" : kinds.size,
      ].join("|");
      if (!names.has(name)) names.set(name, names.size + 1);
      kinds.set(element, names.get(name));
    }
    return kinds.get(element);
  };
  const says = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
  rule.matches = (element, ...more) => {
    const kind = [...element.childNodes].some(says) ? kindOf(element) : 0;
    if (measured.has(kind) || !rule.isAskedAbout(element, ...more)) return false;
    if (kind) measured.add(kind);
    return true;
  };
  return axe.run(document, options);
}"""


def axe_findings(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds on the page, once it has stopped moving."""
    page.evaluate(STILL)
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(Axe().axe_script)
    response: dict[str, Any] = page.evaluate(_RUN, options or _ALL)
    return [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))} – "
        f"{node.get('failureSummary', '').replace(chr(10), ' ')}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


def each_look(page: Page, address: str, status: int = 200) -> Iterator[tuple[str, str]]:
    """Opens the address at each width, in each scheme; yields the name of the look, the scheme.

    ``status``: the one that is expected, since an error page would be accessible too.
    """
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        answer = page.goto(address, wait_until="load")
        assert answer is not None and answer.status == status, answer  # noqa: PT018
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_selector(f"html[data-fr-theme={scheme}][data-fr-js=true]")
            yield f"{scheme}, {width} px", scheme


def assert_accessible(page: Page, address: str, status: int = 200) -> None:
    """axe finds nothing, and nothing makes the page scroll sideways, whatever the look."""
    findings = []
    for look, scheme in each_look(page, address, status):
        found = axe_findings(page, COLOURS if scheme == "dark" else None)
        findings += [f"[{look}] {finding}" for finding in found]
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            findings.append(f"[{look}] the page is {overflow} px wider than its window")
    assert not findings, "\n".join(findings)


def findings_of(page: Page, widths: tuple[int, ...] = (1280, 390)) -> list[str]:
    """What axe finds on the page that is open, and what is wider than its window, in each look.

    The page is not opened again: its width and its colours are changed under it.
    """
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_selector(f"html[data-fr-theme={scheme}][data-fr-js=true]")
            told = axe_findings(page, COLOURS if scheme == "dark" else None)
            found += [f"[{scheme}, {width} px] {each}" for each in told]
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            found.append(f"[{width} px] the page is {overflow} px wider than its window")
    return found
