"""Take the pictures and store them small: PNG with a palette."""

import io
import sys

from tools import paths
from tools.console import step
from tools.screens.chromium import browser
from tools.screens.pictures import PICTURES

#: colours of the palette, tried until the file is small enough
COLOURS = (256, 128, 64)
LIMIT = 120_000
#: nothing that blinks or greets on a picture
QUIET = """
(() => {
    const style = document.createElement("style");
    style.textContent = ".o_notification_manager, .o-overlay-item:has(.o_tour_pointer) "
        + "{ display: none !important } * { caret-color: transparent !important }";
    document.head.append(style);
    document.activeElement?.blur?.();
})()
"""
TOP = "document.querySelector(%r)?.scrollIntoView({block: 'start'})"


def small(png):
    """Return the picture with as many colours as fit below the limit."""
    from PIL import Image

    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        output = io.BytesIO()
        palette = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=0)
        palette.save(output, "PNG", optimize=True)
        if output.tell() < LIMIT:
            break
    return output.getvalue()


def take(screen, picture):
    """Go there and return the picture; None if the screen doesn't come."""
    screen.size(picture.width, picture.height)
    record = screen.find(picture.model, picture.domain) if picture.model else 0
    screen.open(picture.path.format(id=record))
    for selector in picture.clicks:
        screen.click(selector)
    if not screen.wait(picture.show):
        return None
    screen.js(QUIET)
    if picture.top:
        screen.js(TOP % picture.top)
    return small(screen.picture())


def main(job):
    """Take all pictures, or those of ``job["only"]``; return the number of those that failed."""
    chosen = [one for one in PICTURES if not job["only"] or f"{one.addon}/{one.name}" in job["only"]
              or one.addon in job["only"] or one.name in job["only"]]  # fmt: skip
    failed, login = 0, None
    with browser(job["address"]) as screen:
        for one in sorted(chosen, key=lambda one: one.login):
            if one.login != login:
                login = one.login
                screen.size(1400)
                screen.login(login)
            with step(f"{one.addon}: {one.name}"):
                picture = take(screen, one)
            if picture is None:
                failed += 1
                sys.stderr.write(f"  {one.show} did not come on {one.path} ({one.name})\n")
                continue
            folder = paths.ADDONS / one.addon / "static" / "description"
            (folder / f"{one.name}.png").write_bytes(picture)
    return failed
