"""Whether a page fits: nothing scrolls sideways, or reaches out of the box that it stands in."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page

WIDTHS = (1280, 1024, 390, 320)  # a desk, a small or zoomed desk, telephones
BESIDE = {1280: (1280, 1024), 390: (390, 320)}  # which are looked at from a desk, a telephone
HEIGHT = 900
_LOOSE = """() => {
  const page = document.documentElement, over = page.scrollWidth - page.clientWidth;
  const found = over > 0 ? [`the page by ${over} px`] : [];
  for (const one of document.querySelectorAll('main > *, main > * *')) {
    const style = getComputedStyle(one), out = one.scrollWidth - one.clientWidth;
    if (out <= 1 || !one.clientWidth || style.display === 'inline') continue;
    if (style.overflowX !== 'visible') continue;
    if (one.matches('.pagehead')) continue;  // its breadcrumb has a margin below zero
    if (one.closest('svg, .scroll, .usa-sr-only, .usa-breadcrumb')) continue;
    const name = [one.tagName.toLowerCase(), ...one.classList].join('.');
    found.push(`${name} by ${out} px: ${one.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""


def loose(page: Page, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What does not fit, at each width; the page is left as wide as it is first looked at."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{page.url} at {width}: {each}" for each in page.evaluate(_LOOSE)]
    page.set_viewport_size({"width": widths[0], "height": HEIGHT})
    return found
