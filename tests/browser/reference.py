"""Looks at the reference page as a reader does: from a file, in a browser, without a network.

    python reference.py PAGE BROWSER
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTHS = {"phone": (390, 844), "tablet": (900, 1000), "desk": (1440, 900)}
OPERATIONS = 58


def fail(words):
    sys.exit(f"error: {words}")


def expect(good, words):
    if not good:
        fail(words)


class Reader:
    """A page that was opened, and everything that it asked for or complained about."""

    def __init__(self, browser, url, scheme="light", size=(1440, 900), script=True):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, java_script_enabled=script
        )
        self.page = context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.url = url
        self.page.goto(url)

    def close(self):
        asked = {url.split("#")[0] for url in self.requests}
        expect(asked == {self.url}, f"the page asked for {sorted(asked)}")
        expect(not self.complaints, f"the page complained: {self.complaints}")
        self.page.context.close()


def fits(reader, where):
    wide = reader.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    expect(wide <= 0, f"{where}: {wide} pixels are beyond the right edge")


def every_width(browser, url):
    for scheme in ["light", "dark"]:
        for name, size in WIDTHS.items():
            reader = Reader(browser, url, scheme, size)
            page = reader.page
            fits(reader, f"{name}, {scheme}")
            # With everything unfolded too.
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            fits(reader, f"{name}, {scheme}, unfolded")
            light = page.evaluate(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part > 128)"
            )
            expect(light == (scheme == "light"), f"{name} is not {scheme}")
            page.click("#theme")
            expect(page.evaluate("document.documentElement.dataset.theme") not in (None, scheme), "the theme does not change")
            columns = page.evaluate(
                "['nav', '.op .doc', '.op .code'].map((part) => document.querySelector(part).getBoundingClientRect().left)"
            )
            three = columns[0] < columns[1] < columns[2]
            expect(three == (name == "desk"), f"{name}: the panes start at {columns}")
            if name == "phone":
                expect(not page.is_visible("nav"), "the contents cover the page")
                page.click("#menu")
                page.click("nav a[href='#op-getFlag']")
                expect(not page.is_visible("nav"), "the contents stay after a choice")
                page.wait_for_function("Math.abs(document.getElementById('op-getFlag').getBoundingClientRect().top) < 200")
            reader.close()


def search(browser, url):
    reader = Reader(browser, url)
    page = reader.page
    operations = page.evaluate(
        "[...document.querySelectorAll('.op')].map((part) => [part.id, part.querySelector('.id').textContent,"
        " part.querySelector('.address .verb').textContent + ' ' + part.querySelector('.address code').textContent])"
    )
    expect(len(operations) == OPERATIONS, f"{len(operations)} operations")
    for anchor, name, address in operations:
        for words in [name, address]:
            page.keyboard.press("/") if words == name else None
            page.fill("#query", words)
            first = page.evaluate("document.querySelector('#results [role=option] small')?.textContent")
            expect(first and name in first.split(), f"{words!r} finds {first!r} first")
        page.keyboard.press("Enter")
        expect(page.evaluate("location.hash") == f"#{anchor}", f"Enter does not lead to {anchor}")
        page.wait_for_function(f"Math.abs(document.getElementById({anchor!r}).getBoundingClientRect().top) < 200")
    for words, title in [("rolloutPercentage", "Flag.rolloutPercentage"), ("open questions", "Open questions"), ("MutexSlot", "MutexSlot")]:
        page.fill("#query", words)
        expect(title in page.locator("#results li span").all_inner_texts()[:3], f"{words!r} does not find {title!r}")
    parameters = page.evaluate(
        "[...new Set([...document.querySelectorAll('.op > .doc > .members > li > .line > .name')].map((name) => name.textContent))]"
    )
    expect(len(parameters) > 10 and "includeArchived" in parameters, f"the parameters are {parameters}")
    for name in parameters:
        page.fill("#query", name)
        found = page.evaluate(
            "[...document.querySelectorAll('#results [role=option]')].map((row) => [row.querySelector('span').textContent, row.querySelector('small').textContent])"
        )
        good = any(title == name and about.startswith("parameter of ") for title, about in found)
        expect(good, f"the parameter {name!r} is not found: {found}")
    page.fill("#query", "includeArchived listFlags")
    page.keyboard.press("Enter")
    expect(page.evaluate("location.hash") == "#op-listFlags", "a parameter does not lead to its operation")
    page.fill("#query", "nothing-of-that-name")
    expect("Nothing" in page.inner_text("#results"), "a search without a result says nothing")
    reader.close()


def samples(browser, url):
    reader = Reader(browser, url)
    page = reader.page
    count = page.evaluate("document.querySelectorAll('.panel .base').length")
    expect(count == 4 * OPERATIONS, f"{count} samples name the server")
    page.select_option("#server select", label="eu")
    bases = page.evaluate("[...new Set([...document.querySelectorAll('.panel .base')].map((base) => base.textContent))].sort()")
    expect(bases == ["Eu", "https://experiment.eu.amplitude.com/api/1"], f"the servers are {bases}")
    tabs = page.locator("#op-updateFlag [role=tab]")
    expect(tabs.all_inner_texts() == ["curl", "Rust", "TypeScript", "Python"], "the tabs are others")
    for number, words in enumerate(["curl --request PATCH", "FlagUpdate::new()", "await fetch(", "requests.patch("]):
        tabs.nth(number).click()
        shown = page.inner_text("#op-updateFlag .tabs .panel:not([hidden]) code")
        expect(words in shown, f"the tab shows {shown!r}")
        expect("eu" in shown.lower(), "the sample lost its server")
    parts = page.locator("#op-listFlags details.nest").first
    parts.locator("summary").first.click()
    page.wait_for_function("document.querySelectorAll('#op-listFlags details.nest[open] .name').length > 10")
    page.goto(url + "#schema-Flag")
    expect(page.is_visible("#schema-Flag"), "a link into the page does not lead there")
    reader.close()


def without_script(browser, url):
    reader = Reader(browser, url, script=False)
    page = reader.page
    expect(page.locator(".op").count() == OPERATIONS, "operations are missing without the script")
    expect(page.is_visible("#op-updateFlag [data-lang=python] code"), "samples are hidden without the script")
    expect(not page.is_visible("#search"), "a search is offered that does not work")
    reader.close()


def main():
    path, program = Path(sys.argv[1]), shutil.which(sys.argv[2])
    url = path.resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for check in [every_width, search, samples, without_script]:
            check(browser, url)
            print(f"reference: {check.__name__} passed")
        browser.close()


main()
