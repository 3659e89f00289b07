"""A user of the web client, as far as a server knows: a session, and the calls of a screen."""

import time

import requests
from lxml import etree

#: never longer: a request that hangs is an error to be told
TIMEOUT = 120


class Refused(Exception):
    """The server answered with an error."""


class Client:
    """One logged-in user.

    :ivar home: address of the server
    """

    def __init__(self, home, database, login):
        self.home, self.login = home, login
        self.http = requests.Session()
        self.views = {}
        login_ = {"db": database, "login": login, "password": login}
        found = self._post("/web/session/authenticate", login_)
        self.companies = sorted(int(i) for i in found["user_companies"]["allowed_companies"])
        self.context = {
            **found["user_context"],
            "allowed_company_ids": [found["user_companies"]["current_company"]],
        }

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.http.post(self.home + path, json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        said = answer.json()
        if "error" in said:
            data = said["error"].get("data", {})
            raise Refused(f"{path}: {data.get('name')}: {data.get('message')}")
        return said["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does."""
        context = {**self.context, **kwargs.pop("context", {})}
        params = {
            "model": model, "method": method, "args": args,
            "kwargs": {**kwargs, "context": context},
        }  # fmt: skip
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def specification(self, model, kind, view=None):
        """What the client asks of each record: the fields of the view, which is kept."""
        key = model, kind, view
        if key not in self.views:
            found = self.call(model, "get_views", views=[(view, kind), (False, "search")])
            arch = etree.fromstring(found["views"][kind]["arch"])
            fields = {name: one["fields"] for name, one in found["models"].items()}
            self.views[key] = _wanted(arch, model, fields)
        return self.views[key]


def _hidden(node):
    return node.get("column_invisible") in ("1", "True") or node.get("invisible") in ("1", "True")


def _wanted(arch, model, fields):
    """Fields of an arch with those of the lists inside, as ``web_read`` wants them."""
    wanted, within = {}, next(arch.iterancestors("field"), None)
    for node in arch.iter("field"):
        if next(node.iterancestors("field"), None) is not within:
            continue
        if _hidden(node) and node.getparent().tag == "list":
            continue
        wanted[node.get("name")] = _one(node, fields[model].get(node.get("name"), {}), fields)
    return wanted


def _one(node, field, fields):
    kind = field.get("type")
    if kind == "many2one":
        return {"fields": {"display_name": {}}}
    if kind not in ("one2many", "many2many"):
        return {}
    inside = next((one for one in node if one.tag in ("list", "kanban")), None)
    if inside is None:
        return {"fields": {"display_name": {}}, "limit": 40}
    return {"fields": _wanted(inside, field["relation"], fields), "limit": 40}


def timed(work):
    """Run ``work()``; return seconds and its result."""
    start = time.monotonic()
    result = work()
    return time.monotonic() - start, result
