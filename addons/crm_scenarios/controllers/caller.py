"""A link for any telephone system: who is calling?"""

from urllib.parse import quote

from odoo import http
from odoo.http import request


class CallerController(http.Controller):
    @http.route("/crm/caller", type="http", auth="user", readonly=True)
    def caller(self, number="", **_other):
        """Open the conversation brief of whoever has this number.

        One customer is opened at once; several, or none, are for the screen to show. Nothing is
        written here: a link may be opened by a preview, too.
        """
        found = request.env["crm.caller"].find(number)
        path = f"/odoo/caller?number={quote(number[:40])}"
        if len(found) == 1:
            path += f"&partner={found[0]['partner_id']}"
        return request.redirect(path)
