"""Working a page by the keyboard alone."""

from playwright.sync_api import Locator, Page, expect

_MOST_STOPS = 200


def tab_to(page: Page, where: Locator) -> None:
    """By the Tab key, as far as it takes."""
    expect(where).to_be_visible()
    # Found once: by its name, the browser would name the whole page again at each stop.
    wanted = where.element_handle()
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        focused = wanted.evaluate("e => e.isConnected ? e === document.activeElement : null")
        if focused is None:
            wanted = where.element_handle()
            focused = wanted.evaluate("e => e === document.activeElement")
        if focused:
            return
    raise AssertionError(f"the keyboard does not reach {where}")


def press(page: Page, where: Locator, key: str = "Enter") -> None:
    """Reaches it, and presses the key."""
    tab_to(page, where)
    page.keyboard.press(key)


def write(page: Page, field: str | Locator, text: str) -> None:
    """Reaches a field, by its name or itself, and types over what it holds."""
    tab_to(page, page.get_by_label(field) if isinstance(field, str) else field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, field: str | Locator, text: str, option: str) -> None:
    """Types in a box that proposes, and takes ``option`` with the arrows."""
    write(page, field, text)
    wanted = page.get_by_role("option", name=option).first
    expect(wanted).to_be_visible()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if wanted.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")


def pick(page: Page, field: Locator, option: str) -> None:
    """Reaches a list to pick from, and goes down it with the arrow."""
    tab_to(page, field)
    labels = field.evaluate("e => [...e.options].map(option => option.label)")
    page.keyboard.press("Home")
    for _ in range(labels.index(option)):
        page.keyboard.press("ArrowDown")
    expect(field).to_have_value(
        field.evaluate("(e, label) => [...e.options].find(o => o.label === label).value", option)
    )
