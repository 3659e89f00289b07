"""Chromium without a window, driven over its debugging protocol; run by the host's interpreter."""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager

from tools.browser import CHROMIUM

#: seconds that a screen may take to show what is waited for
PATIENCE = 60
#: waits for the selector, then for the page to be still
WAIT = """
(async (selector, patience) => {
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const end = Date.now() + 1000 * patience;
    while (!document.querySelector(selector)) {
        if (Date.now() > end) return false;
        await pause(100);
    }
    await pause(1200);
    return true;
})(%s, %s)
"""
LOGIN = """
(async (login) => {
    const page = await (await fetch("/web/login")).text();
    const token = page.match(/csrf_token[" :=a-z]*"([^"]+)"/)[1];
    const body = new URLSearchParams({ login, password: login, csrf_token: token });
    await fetch("/web/login", { method: "POST", body });
})(%s)
"""
SEARCH = """
(async (model, domain) => {
    const params = { model, method: "search", args: [domain], kwargs: { limit: 1 } };
    const answer = await fetch(`/web/dataset/call_kw`, {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", params }),
    });
    return ((await answer.json()).result || [])[0] || 0;
})(%s, %s)
"""


class Screen:
    """A page of the browser, logged in as one user at a time."""

    def __init__(self, channel, address):
        self._channel, self._address, self._number = channel, address, 0
        self.call("Page.enable")
        self.call("Runtime.enable")

    def call(self, method, **params):
        """Send a command of the protocol and return its result."""
        self._number += 1
        self._channel.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._channel.recv())
            if answer.get("id") == self._number:
                return answer.get("result", {})

    def js(self, code):
        """Evaluate code in the page and return its value; a promise is waited for."""
        answer = self.call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:1500])
        return answer.get("result", {}).get("value")

    def login(self, login):
        """Log in; in the demonstration a password is the login."""
        self.call("Network.clearBrowserCookies")
        self.call("Page.navigate", url=f"{self._address}/web/login")
        self.wait("form")
        self.js(LOGIN % json.dumps(login))

    def size(self, width, height=900):
        """Set the size of the window; a narrow one is a phone."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
        )  # fmt: skip
        self.call("Emulation.setTouchEmulationEnabled", enabled=width < 500)

    def find(self, model, domain):
        """Return the id of the first record, 0 if there is none that the user sees."""
        return self.js(SEARCH % (json.dumps(model), json.dumps(domain)))

    def open(self, path, selector=".o_action_manager > *, .modal .o_form_view"):
        """Open an address and wait until the selector is there; tell whether it came."""
        # from another page: only the address after '#' would else be followed
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=self._address + path)
        return self.wait(selector)

    def wait(self, selector):
        """Wait until an element is there, then for the page to be still."""
        return self.js(WAIT % (json.dumps(selector), PATIENCE))

    def click(self, selector):
        """Click on an element once it is there, scrolled into view."""
        self.wait(selector)
        self.js(f"(one => (one.scrollIntoView({{block: 'center'}}), one.click()))"
                f"(document.querySelector({json.dumps(selector)}))")  # fmt: skip
        time.sleep(1.5)

    def picture(self):
        """Return a picture of the window as PNG."""
        # an image may still be on its way
        time.sleep(0.5)
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _page(port):
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                return next(one for one in json.load(answer) if one["type"] == "page")
        except (OSError, StopIteration):
            time.sleep(0.2)
    raise RuntimeError("Chromium did not start")


@contextmanager
def browser(address):
    """Yield a :class:`Screen` of a fresh Chromium."""
    import websocket

    program = next(filter(None, map(shutil.which, CHROMIUM)))
    port = _free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--force-prefers-reduced-motion", f"--remote-debugging-port={port}",
             f"--user-data-dir={profile}", "--remote-allow-origins=*", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            place = _page(port)["webSocketDebuggerUrl"]
            yield Screen(websocket.create_connection(place, timeout=180), address)
        finally:
            process.terminate()
            process.wait()
