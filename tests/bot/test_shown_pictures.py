"""Does a real decoder see the same picture in the copy without its place?"""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from playwright.async_api import Browser, Page

from handlers.files import jpeg, png, webp
from tests.bot.chromium import browser
from tests.handlers.files import samples
from tests.handlers.files.samples import PLACE

pytestmark = pytest.mark.browser
__all__ = ["browser"]
DRAW = """async (type) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [90, 60];
  const pen = canvas.getContext("2d");
  for (let n = 0; n < 60; n++) {
    pen.fillStyle = `hsl(${n * 37}, 80%, ${n}%)`;
    pen.fillRect(n * 11 % 90, n * 7 % 60, 23, 17);
  }
  return canvas.toDataURL(type, 0.8).split(",")[1];
}"""
LOOK = """async ([type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type }));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const seen = pen.getImageData(0, 0, picture.width, picture.height).data;
  return [picture.width, picture.height, seen.join()];
}"""


async def _drawn(page: Page, media_type: str) -> bytes:
    return b64decode(await page.evaluate(DRAW, media_type))


async def _seen(page: Page, media_type: str, data: bytes) -> tuple[int, int, str]:
    told = [media_type, b64encode(data).decode()]
    width, height, pixels = await page.evaluate(LOOK, told)
    return width, height, pixels


async def test_the_copy_looks_the_same(browser: Browser) -> None:
    """JPEG (turned by its EXIF), PNG and WebP, as Chromium decodes them."""
    page = await browser.new_page()
    await page.goto("data:text/html,<title>a</title>")
    drawn = await _drawn(page, "image/jpeg")
    facts = samples.segment(0xE1, samples.exif(6)) + samples.segment(0xFE, PLACE)
    turned = drawn[:2] + facts + drawn[2:]
    flat = await _drawn(page, "image/png")
    texts = samples.chunk(b"tEXt", b"GPS\x00" + PLACE) + samples.chunk(b"eXIf", PLACE)
    head = 8 + 25
    small = await _drawn(page, "image/webp")
    assert small[:4] == b"RIFF"
    pictures = {
        "image/jpeg": (turned, jpeg.without_facts(turned)),
        "image/png": (
            flat[:head] + texts + flat[head:],
            png.without_facts(flat[:head] + texts + flat[head:]),
        ),
        "image/webp": (small, webp.without_facts(small)),
    }
    for media_type, (before, after) in pictures.items():
        assert PLACE not in after
        size = await _seen(page, media_type, before)
        assert size == await _seen(page, media_type, after)
        assert size[:2] == ((60, 90) if media_type == "image/jpeg" else (90, 60))
    await page.close()
