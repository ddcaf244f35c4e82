"""What every page of the site must be, whatever it shows."""

from collections import Counter
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_DATA_TYPES = frozenset({"application/json", "application/ld+json"})
_REFERENCES = ("aria-controls", "aria-labelledby", "aria-describedby", "for", "list")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.findings: list[str] = []
        self.ids: Counter[str] = Counter()
        self.references: list[tuple[str, str, str]] = []
        self.anchors: list[str] = []
        self.levels: list[int] = []
        self.title = ""
        self.open: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if len(values) != len(attrs):
            self.findings.append(f"<{tag}> holds an attribute twice")
        self._attributes(tag, values)
        if tag == "script" and "src" not in values and values.get("type") not in _DATA_TYPES:
            self.findings.append("a script inside the page")
        if tag == "style":
            self.findings.append("a <style>")
        if tag == "img" and "alt" not in values:
            self.findings.append(f"an image without alt: {values.get('src')}")
        if tag in _HEADINGS:
            self.levels.append(int(tag[1]))
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def _attributes(self, tag: str, values: dict[str, str]) -> None:
        for name, value in values.items():
            if name == "style":
                self.findings.append(f'<{tag}> with style="{value}"')
            elif name.startswith(("on", "hx-on", "data-hx-on")):
                self.findings.append(f"<{tag}> with the handler {name}")
            elif name in {
                "href",
                "src",
                "action",
                "formaction",
            } and value.strip().lower().startswith("javascript:"):
                self.findings.append(f"<{tag}> with the address {value}")
            elif name == "id":
                self.ids[value] += 1
                if not value or " " in value:
                    self.findings.append(f'<{tag}> with id="{value}"')
            elif name in _REFERENCES:
                self.references.extend((tag, name, each) for each in value.split())
            elif name == "nonce":
                self.findings.append("a nonce, which a page answered again by 304 would make stale")
        if tag == "a" and values.get("href", "").startswith("#"):
            self.anchors.append(values["href"][1:])

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open[-1] != tag:
            last = self.open[-1] if self.open else "nothing"
            self.findings.append(f"</{tag}> closes <{last}>, line {self.getpos()[0]}")
            if tag in self.open:
                while self.open.pop() != tag:
                    pass
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data

    def conclude(self) -> list[str]:
        self.findings += [f"<{tag}> never closed" for tag in self.open]
        self.findings += [
            f'id="{key}" {count} times' for key, count in self.ids.items() if count > 1
        ]
        self.findings += [
            f'<{tag}> with {name}="{value}", which is nowhere'
            for tag, name, value in self.references
            if value not in self.ids
        ]
        self.findings += [
            f"a link to #{anchor}, which is nowhere"
            for anchor in self.anchors
            if anchor not in self.ids
        ]
        if self.levels.count(1) != 1:
            self.findings.append(f"{self.levels.count(1)} <h1>")
        self.findings += [
            f"<h{after}> right after <h{before}>"
            for before, after in zip(self.levels, self.levels[1:], strict=False)
            if after > before + 1
        ]
        return self.findings


def html_findings(html: str) -> list[str]:
    """What is wrong with a whole page: inline script or style, bad references, bad nesting."""
    page = _Page()
    page.feed(html)
    page.close()
    findings = page.conclude()
    if page.lang != "fr":
        findings.append(f'lang="{page.lang}"')
    if not page.title.strip():
        findings.append("no title")
    return findings


def assert_clean_html(html: str) -> None:
    """The page keeps to the strict Content-Security-Policy and to what RGAA asks of its source."""
    findings = html_findings(html)
    assert not findings, "\n".join(findings)
