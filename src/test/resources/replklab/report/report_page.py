"""What a report's page does in a real browser: report_page.py CHROMIUM PAGE SCREENSHOTS

Points at a curve and at an effect, goes on with the keyboard, hides a variant, sorts a table. Prints a JSON object with what was seen.
"""

import json
import pathlib
import sys

from playwright.sync_api import sync_playwright


def look(page):
    seen = {"pictures": page.locator("img.drawn:visible").count()}
    curves = page.locator("figure", has_text="Learning curves")
    said = curves.locator("output")
    drawing = curves.locator("svg[tabindex]")
    drawing.scroll_into_view_if_needed()
    line = curves.locator("polyline").first
    last = line.evaluate("each => { const p = each.points[each.points.length - 1]; return [p.x, p.y] }")
    box = drawing.bounding_box()
    scale = box["width"] / 860
    page.mouse.move(box["x"] + last[0] * scale, box["y"] + last[1] * scale)
    seen["pointed"] = said.inner_text()
    page.mouse.move(0, 0)
    drawing.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowDown"]:
        page.keyboard.press(key)
    seen["moved"] = said.inner_text()
    variant = curves.get_by_role("button", name="with shortcut, kernel 3", exact=True)
    group = line.locator("xpath=..")
    variant.focus()
    page.keyboard.press("Enter")
    seen["hidden"] = group.get_attribute("visibility")
    variant.click()
    seen["again"] = group.get_attribute("visibility")
    effects = page.locator("figure", has_text="single seeds")
    effects.locator("g.row").first.hover()
    seen["sentence"] = effects.locator("output").inner_text()
    seen["tip"] = page.locator(".matrix td.right").first.get_attribute("title")
    runs = page.locator("table:not(.matrix, .gallery)").last
    runs.get_by_role("button", name="seed", exact=True).click()
    seeds = runs.locator("tbody td:nth-child(3)").all_inner_texts()
    seen["sorted"] = seeds == sorted(seeds)
    return seen


def main(chromium, file, screenshots):
    errors, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        page.on("console", lambda message: errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(pathlib.Path(file).as_uri())
        seen = look(page)
        page.screenshot(path=pathlib.Path(screenshots) / "report.png", full_page=True)
        page.emulate_media(media="print")
        seen["printed"] = page.locator("img.drawn:visible").count()
        browser.close()
    asked = [url for url in asked[1:] if not url.startswith("data:")]
    print(json.dumps(seen | {"errors": errors, "asked": asked}))


if __name__ == "__main__":
    main(*sys.argv[1:])
