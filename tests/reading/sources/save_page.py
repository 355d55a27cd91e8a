#!/usr/bin/env python3
"""Saves a page as Chromium's "Webpage, single file": `save_page.py ADDRESS FILE`."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = browser.new_page()
    page.goto(sys.argv[1])
    saved = page.context.new_cdp_session(page).send("Page.captureSnapshot", {"format": "mhtml"})
    Path(sys.argv[2]).write_bytes(saved["data"].encode())
    browser.close()
