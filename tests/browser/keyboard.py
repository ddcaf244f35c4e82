"""What a person without a mouse does."""

from playwright.sync_api import Locator, Page, expect


def tab_to(page: Page, where: Locator) -> None:
    """By the keyboard, as far as it takes."""
    expect(where).to_be_visible()
    for _ in range(150):
        page.keyboard.press("Tab")
        if where.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {where}")
