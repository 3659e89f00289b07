"""Dialog: the contacts of a segment's customers as a file."""

import base64
import re
from urllib.parse import quote as url_quote

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.audience import gather, write_csv
from ..lib.audience_formats import FORMATS

#: fields of a contact in the list to read, after the address and the number
_READABLE = ("commercial_company_name", "name", "function", "city", "country_id", "lang")


class CrmSegmentAudience(models.TransientModel):
    _name = "crm.segment.audience"
    _description = "Contacts of a Segment as a File"

    segment_ids = fields.Many2many("crm.segment", string="Segments", required=True)
    membership_ids = fields.Many2many(
        "crm.segment.membership", string="Only These", help="Empty: all customers in the segments."
    )
    format = fields.Selection(
        selection=lambda self: self.env["crm.segment.export"]._select_format(),
        required=True,
        default="plain",
    )
    hashed = fields.Boolean(compute="_compute_counts", export_string_translation=False)
    source = fields.Char("Format Described At", compute="_compute_counts")
    customers = fields.Integer(compute="_compute_counts")
    contacts = fields.Integer(compute="_compute_counts")
    emails = fields.Integer("Email Addresses", compute="_compute_counts")
    phones = fields.Integer("Phone Numbers", compute="_compute_counts")
    unreachable = fields.Integer("Without Address or Number", compute="_compute_counts")
    blacklisted = fields.Integer("On a Blacklist", compute="_compute_counts")
    opted_out = fields.Integer("Opted Out of Mailings", compute="_compute_counts")
    duplicate = fields.Integer("Duplicates", compute="_compute_counts")
    unusable = fields.Integer("Numbers Not Recognized", compute="_compute_counts")
    warning = fields.Char(compute="_compute_counts", export_string_translation=False)
    file = fields.Binary(attachment=False, readonly=True)
    filename = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        """Opened on segments, or on customers of segments."""
        values = super().default_get(fields_list)
        chosen = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") == "crm.segment":
            values["segment_ids"] = [(6, 0, chosen)]
        elif self.env.context.get("active_model") == "crm.segment.membership":
            memberships = self.env["crm.segment.membership"].browse(chosen)
            values["membership_ids"] = [(6, 0, chosen)]
            values["segment_ids"] = [(6, 0, memberships.segment_id.ids)]
        return values

    @api.depends("segment_ids", "membership_ids", "format")
    @api.depends_context("uid", "company")
    def _compute_counts(self):
        for wizard in self:
            form = FORMATS[wizard.format or "plain"]
            audience = wizard._audience()
            wizard.update({name: audience.left_out[name] for name in (
                "unreachable", "blacklisted", "opted_out", "duplicate")})  # fmt: skip
            wizard.update({"hashed": form.hashed, "source": form.source})
            wizard.update({"unusable": audience.unusable, **wizard._sizes(audience)})
            wizard.warning = wizard._warning_text(form, len(audience.people))

    def _audience(self):
        contacts = self.segment_ids._origin._audience_contacts(self.membership_ids._origin)
        return gather(contacts, FORMATS[self.format or "plain"])

    @api.model
    def _sizes(self, audience):
        return {
            "customers": audience.customers,
            "contacts": len(audience.people),
            "emails": audience.emails,
            "phones": audience.phones,
        }

    def _warning_text(self, form, size):
        if not size:
            return self.env._("Nobody can be reached: there is nothing to download.")
        if size < form.least:
            return self.env._(
                "%(format)s works from %(least)s people on; these are %(size)s.",
                format=form.label,
                least=form.least,
                size=size,
            )
        return False

    def action_download(self):
        """Write the file, note who took it, and give it to the browser.

        :raises AccessError: without the host's right to export
        :raises UserError: if nobody can be reached
        """
        self.ensure_one()
        self.env["crm.segment"]._check_export_right()
        audience = self._audience()
        if not audience.people:
            raise UserError(self._warning_text(FORMATS[self.format], 0))
        self.write({"file": base64.b64encode(self._content(audience)), "filename": self._name_of()})
        self._note(audience)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/"
            f"{url_quote(self.filename)}?download=true",
            "target": "self",
        }

    def _content(self, audience):
        form = FORMATS[self.format]
        if form.hashed:
            rows = (form.cells(email, phone) for _id, email, phone in audience.people)
            return write_csv(form.header, rows)
        header, details = self._details([one[0] for one in audience.people])
        rows = (
            [*form.cells(email, phone), *details[partner_id]]
            for partner_id, email, phone in audience.people
        )
        return write_csv(header, rows, readable=True)

    def _details(self, ids):
        """Column names and, by contact, the other cells of the list to read."""
        partners = self.env["res.partner"].browse(ids)
        names = ("email", "phone", *_READABLE)
        described = partners.fields_get(names, ["string"])
        rows = partners.export_data([".id", *_READABLE])["datas"]
        return (
            [described[name]["string"] for name in names],
            {int(row[0]): [str(cell or "") for cell in row[1:]] for row in rows},
        )

    def _name_of(self):
        names = " ".join(self.segment_ids.mapped("name"))[:60]
        stem = re.sub(r"[^\w -]+", "", names).strip() or "segment"
        return f"{stem} {self.format}.csv"

    def _note(self, audience):
        # sudo: nobody writes the record of exports but exporting itself
        self.env["crm.segment.export"].sudo().create(
            {
                "company_id": self.env.company.id,
                "segment_ids": [(6, 0, self.segment_ids.ids)],
                "segment_names": ", ".join(self.segment_ids.mapped("name")),
                "format": self.format,
                **self._sizes(audience),
            }
        )
