"""Takes the pictures of the README from a running demo: `make run`, then `.venv/bin/python docs/screenshot.py http://127.0.0.1:8000`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {
    "dashboard": "/p/brackenford-together/outcomes/",
    "activity": "/p/brackenford-together/activities/new/",
}


def main(address: str) -> None:
    data = Path(os.environ.get("THROUGHLINE_DATA", ROOT / "var"))
    password = (data / "demo-password").read_text().strip()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{address}/account/login/")
        page.fill("input[name=login]", "officer@brackenford.example")
        page.fill("input[name=password]", password)
        page.click("form:has(input[name=password]) button[type=submit]")
        page.wait_for_url("**/p/brackenford-together/**")
        for name, path in PICTURES.items():
            page.goto(address + path)
            page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
