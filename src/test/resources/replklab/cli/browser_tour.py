"""A newcomer's first minutes, in a real browser: browser_tour.py CHROMIUM JUPYTER MLFLOW SCREENSHOTS

Opens the tour in JupyterLab, runs it, watches a curve grow, runs it once more, asks for completion and documentation, interrupts a loop,
and finds the four runs in MLflow's training view, side by side. Prints a JSON object with what was seen; leaves a picture of each station.
"""

import json
import pathlib
import re
import sys

from playwright.sync_api import expect, sync_playwright

MINUTE = 60_000  # milliseconds


def menu(page, *path):
    for name in path[:-1]:
        page.get_by_role("menuitem", name=name, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(path[-1], exact=True).click()


def new_cell(page, code):
    """A cell below the last one, with the cursor at its end."""
    page.locator(".jp-Notebook .jp-Cell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(code)


def jupyter(page, address, shot):
    seen = {}
    page.goto(address + "&reset")  # of a workspace of before
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=2 * MINUTE)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=2 * MINUTE)
    seen["news"] = page.get_by_text("get notified about official Jupyter news").count()
    shot("1-tour")
    menu(page, "Edit", "Clear Outputs of All Cells")
    menu(page, "Run", "Run All Cells")
    training = page.locator(".jp-CodeCell", has_text='Lab.train("tour", "kernel=13"')
    training.scroll_into_view_if_needed()
    expect(training.locator(".jp-OutputArea img").first).to_be_visible(timeout=3 * MINUTE)
    training.locator(".jp-OutputArea img").first.scroll_into_view_if_needed()
    shot("2-live")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=5 * MINUTE)
    menu(page, "Run", "Run All Cells")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=busy]")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(timeout=5 * MINUTE)
    seen["errors"] = page.locator("[data-mime-type='application/vnd.jupyter.error']").count()

    new_cell(page, "Tensor.ze")
    page.keyboard.press("Tab")
    cell = page.locator(".jp-Cell.jp-mod-active .cm-content")
    offers = page.locator(".jp-Completer-item")
    expect(offers.first.or_(cell.get_by_text("zeros")).first).to_be_visible(timeout=MINUTE)
    shot("3-completion")
    if offers.count():
        page.keyboard.press("Enter")
    seen["completed"] = cell.inner_text()
    page.keyboard.press("Control+a")
    page.keyboard.type("Tensor.zeros(3).relu")
    page.keyboard.press("Shift+Tab")
    tip = page.locator(".jp-Tooltip")
    expect(tip).to_be_visible(timeout=MINUTE)
    seen["documentation"] = tip.inner_text()
    shot("4-documentation")
    page.keyboard.press("Escape")

    new_cell(page, 'System.out.println("begun"); long n = 0; while (true) { n++; }')
    page.keyboard.press("Control+Enter")
    loop = page.locator(".jp-CodeCell", has_text="while (true) { n++; }")
    expect(loop.locator(".jp-OutputArea-output").get_by_text("begun")).to_be_visible(timeout=MINUTE)
    menu(page, "Kernel", "Interrupt Kernel")
    expect(loop.get_by_text(re.compile("interrupted")).first).to_be_visible(timeout=MINUTE)
    new_cell(page, "1 + 1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").get_by_text("2", exact=True)).to_be_visible(
        timeout=MINUTE
    )
    shot("5-interrupted")
    page.keyboard.press("Control+s")
    page.wait_for_timeout(2000)
    return seen


def mlflow(page, address, shot):
    seen = {}
    page.goto(address)
    page.get_by_role("link", name="tour", exact=True).first.click(timeout=MINUTE)
    page.wait_for_timeout(3000)
    seen["address"] = page.url
    expect(page.get_by_role("link", name="kernel=13 seed=1").first).to_be_visible(timeout=MINUTE)
    expect(page.get_by_role("link", name="kernel=3 seed=1").first).to_be_visible(timeout=MINUTE)
    shot("6-runs")
    seen["runs"] = page.get_by_role("link", name=re.compile("^kernel=")).count()
    page.locator(".ag-header-select-all input, .ag-header input[type=checkbox]").first.click(force=True)
    page.get_by_role("link", name="Compare").or_(page.get_by_role("button", name="Compare")).first.click(timeout=MINUTE)
    expect(page.get_by_text(re.compile(r"Comparing \d+ Runs")).first).to_be_visible(timeout=MINUTE)
    seen["compared"] = page.get_by_text(re.compile(r"Comparing \d+ Runs")).first.inner_text()
    shot("7-compared")
    return seen


def main(chromium, notebook, tracker, screenshots):
    folder = pathlib.Path(screenshots)
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})

        def shot(name):
            page.screenshot(path=folder / f"{name}.png")

        try:
            seen = jupyter(page, notebook, shot) | mlflow(page, tracker, shot)
        except BaseException:
            shot("failed")
            raise
        finally:
            browser.close()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
