"""Forms as a browser sends them: read from the page, changed in places, posted."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

_UNSENT = frozenset({"submit", "button", "image", "reset", "file"})


class _Form(HTMLParser):
    """Reads the fields of the form whose id ends in ``_form``, or of all that are posted."""

    def __init__(self, posted: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.posted = posted
        self.inside = False
        self.fields: dict[str, list[str]] = {}
        self.select: str | None = None
        self.multiple = False
        self.first: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            named = values.get("id", "").endswith("_form")
            self.inside = values.get("method") == "post" if self.posted else named
        name = values.get("name", "")
        if not self.inside:
            return
        if tag == "input" and name:
            self._input(name, values)
        elif tag == "textarea":
            self.area = name
            self.fields.setdefault(name, []).append("")
        elif tag == "select":
            self.select, self.multiple, self.first = name, "multiple" in values, None
        elif tag == "option" and self.select is not None:
            if self.first is None:
                self.first = values.get("value", "")
            if "selected" in values:
                self.fields.setdefault(self.select, []).append(values.get("value", ""))

    def _input(self, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in _UNSENT or (kind in {"checkbox", "radio"} and "checked" not in values):
            return
        default = "on" if kind == "checkbox" else ""
        self.fields.setdefault(name, []).append(values.get("value", default))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            # A browser drops the line break that follows the opening tag.
            if not self.fields[self.area][-1]:
                data = data.removeprefix("\n")
            self.fields[self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = None
        elif tag == "select" and self.select is not None:
            if not self.multiple and self.select not in self.fields and self.first is not None:
                self.fields[self.select] = [self.first]
            self.select = None


def filled(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """What the page's form would send, ``changes`` typed over it."""
    page = _Form()
    page.feed(response.content.decode())
    page.close()
    assert page.fields, "no form in the page"
    page.fields.pop("action", None)
    return {**page.fields, **changes}


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """What a page's own form would send as it is: lists of values, by name."""
    page = _Form(posted=True)
    page.feed(response.content.decode())
    page.close()
    assert page.fields, "no form in the page"
    return dict(page.fields)
