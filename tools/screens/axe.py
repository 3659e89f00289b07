"""axe-core on every screen of ours at both widths, beside the host's own screens.

A finding is a rule and what the element is: its tag and classes, or its two colours where contrast
is too low. What the host's screens have too is the host's, and so are parts of its components that
our screens only use; the rest is ours to mend.
"""

import json
import re
import sys
from pathlib import Path

from tools.console import say
from tools.screens.chromium import browser

WIDTHS = (1400, 375)
#: screens of the host beside which ours are judged
HOST = (
    "/odoo/contacts", "/odoo/contacts/{res.partner}", "/odoo/crm", "/odoo/crm.lead/{crm.lead}",
    "/odoo/orders", "/odoo/orders/{sale.order}",
    "/odoo/action-account.action_move_out_invoice_type",
    "/odoo/account.move/{account.move}", "/odoo/action-utm.utm_campaign_action",
    "/odoo/action-sale.action_order_report_all", "/odoo/action-crm.crm_opportunity_report_action",
    "/odoo/action-mass_mailing.mailing_mailing_action_mail", "/odoo/settings",
    "/odoo/action-mail.mail_activity_plan_action", "/odoo/action-crm.crm_team_action_pipeline",
)  # fmt: skip
#: classes of the host's components: their own markup is nothing that a view of ours could change
COMPONENTS = (
    "o-mail-Activity", "o_searchview_facet", "o_list_renderer", "o_pivot", "o_colorlist",
    "o_select_menu", "o_column_title", "dropdown-toggle", "o_form_label",
)  # fmt: skip
COLOURS = re.compile(r"foreground color: (#\w+), background color: (#\w+)")
FOLDER = Path(__file__).parent
MENUS = (FOLDER / "menus.js").read_text()
RUN = (FOLDER / "axe_run.js").read_text()
#: classes that say how an element happens to be, not what it is
PASSING = re.compile(r"^(active|show|focus|hover|o_field_(invalid|empty)|o_readonly_modifier)$|\d")


def signature(html, message=""):
    """What an element is: tag and lasting classes; or its colours.

    >>> signature('<button class="btn o_x btn-12" name="go">Go</button>')
    'button.btn.o_x'
    """
    if colours := COLOURS.search(message):
        return " on ".join(colours.groups())
    tag = re.match(r"<([a-z0-9-]+)", html)
    classes = re.search(r'\bclass="([^"]*)"', html)
    kept = sorted(one for one in (classes[1].split() if classes else ()) if not PASSING.search(one))
    return ".".join([tag[1] if tag else "?", *kept])


def look(screen, path, source):
    """Open a screen and return {(rule, what): (html, message)}."""
    if not screen.open(path):
        return None
    screen.js(source)
    findings = screen.js(f"({RUN})()")
    return {(one["rule"], signature(*node)): node for one in findings for node in one["nodes"]}


def host_paths(screen):
    """Addresses of the host's screens, with records of the demonstration in them."""
    for path in HOST:
        if model := re.search(r"{(.*)}", path):
            path = path.replace(model[0], str(screen.find(model[1], [])))
        yield path


def our_paths(screen, addons):
    """Addresses of our menus, and of a form where there is one."""
    for name, record in screen.js(f"({MENUS})({json.dumps(addons)})"):
        yield f"/odoo/action-{name}"
        if record:
            yield f"/odoo/action-{name}/{record}"


def survey(screen, paths, source):
    """All findings: {(width, rule, what): (paths, node)}."""
    found = {}
    for width in WIDTHS:
        screen.size(width)
        for path in paths:
            findings = look(screen, path, source)
            if findings is None:
                say(f"  did not open at {width}: {path}")
            for key, node in (findings or {}).items():
                found.setdefault((width, *key), ([], node))[0].append(path)
    return found


def main(job):
    """Print what ours have and the host's don't; return 1 if there is something."""
    with open(job["axe"]) as file:
        source = file.read()
    with browser(job["address"]) as screen:
        screen.size(1400)
        screen.login("admin")
        ours = [one for one in our_paths(screen, job["addons"])
                if not job["only"] or any(part in one for part in job["only"])]  # fmt: skip
        say(f"{len(ours)} addresses of ours, {len(HOST)} of the host, at {WIDTHS}")
        theirs = survey(screen, list(host_paths(screen)), source)
        known = {key[1:] for key in theirs}
        own = survey(screen, ours, source)
    left = {
        key: value for key, value in own.items()
        if key[1:] not in known and not any(part in value[1][0] for part in COMPONENTS)
    }  # fmt: skip
    for (width, rule, what), (paths, (html, message)) in sorted(left.items()):
        sys.stdout.write(f"{width} {rule}: {what}\n    {html}\n    {message}\n"
                         f"    {len(paths)}: {', '.join(paths[:4])}\n")  # fmt: skip
    say(f"{len(own)} findings on our screens, {len(own) - len(left)} of them the host's too")
    return 1 if left else 0
