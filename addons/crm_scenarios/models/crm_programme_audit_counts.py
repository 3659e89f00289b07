"""What an audit counts: records of the company, the quality of its data, what is around."""

from odoo import models

#: the set-up page of segments tells them; here the number of customers is counted already
QUALITY = (
    "no_sales", "industry", "country", "salesperson", "no_company", "archived", "not_invoiced",
    "lead_source", "no_cost",
)  # fmt: skip


class CrmProgrammeAudit(models.Model):
    _inherit = "crm.programme.audit"  # pylint: disable=consider-merging-classes-inherited

    def _section_records(self, programme):
        return [
            self._row(key, self.env[model].search_count(domain))
            for key, model, domain in self._record_specs(programme.company_id)
        ]

    def _record_specs(self, company):
        """(key, model, domain) of what is counted, in its order."""
        everywhere = [("company_id", "in", [False, *company.parent_ids.ids])]
        here = [("company_id", "=", company.id)]
        leads = [("company_id", "in", [False, company.id]), ("won_status", "=", "pending")]
        posted = [*here, ("state", "=", "posted")]
        return [
            ("customers", "res.partner", self._customer_domain(company)),
            ("contacts", "res.partner", everywhere),
            ("products", "product.product", everywhere),
            ("leads", "crm.lead", [*leads, ("type", "=", "lead")]),
            ("opportunities", "crm.lead", [*leads, ("type", "=", "opportunity")]),
            ("quotations", "sale.order", [*here, ("state", "in", ["draft", "sent"])]),
            ("orders", "sale.order", [*here, ("state", "=", "sale")]),
            ("invoices", "account.move",
             [*posted, ("move_type", "in", ["out_invoice", "out_receipt"])]),
            ("credit_notes", "account.move", [*posted, ("move_type", "=", "out_refund")]),
        ]  # fmt: skip

    def _customer_domain(self, company):
        """The customers of the set-up page of segments."""
        return self.env["crm.segment.setup"]._customer_domain(company)

    def _section_quality(self, programme):
        """What the set-up page finds, and customers whom nobody can reach."""
        setup, company = self.env["crm.segment.setup"], programme.company_id
        facts = setup._facts(company)
        texts = self.env["crm.segment.setup.gap"]._texts()
        gaps = [gap for gap in facts["gaps"] if gap["code"] in QUALITY]
        return [
            self._row("duplicates", facts["duplicates"]),
            self._row("incomplete", self._lacking(company, self._incomplete_domain())),
            self._row("unreachable", self._lacking(company, self._unreachable_domain())),
            self._row("no_email", self._lacking(company, [("email_normalized", "=", False)])),
            self._row("no_vat", self._lacking(company, [("vat", "in", [False, ""])])),
            *(
                self._row(
                    f"gap_{gap['code']}", gap["lacking"][0],
                    self.env._("of %s", gap["total"][0]), texts[gap["code"]][0],
                )
                for gap in gaps
            ),
        ]  # fmt: skip

    def _lacking(self, company, domain):
        customers = self._customer_domain(company)
        return self.env["res.partner"].search_count([*customers, *domain])

    def _unreachable_domain(self):
        return [("email_normalized", "=", False), ("phone", "in", [False, ""])]

    def _incomplete_domain(self):
        """No segment can tell them apart, or nobody can reach them."""
        return [
            "|", "|", ("industry_id", "=", False), ("country_id", "=", False),
            "&", *self._unreachable_domain(),
        ]  # fmt: skip

    def _section_around(self, programme):
        """What was entered of hardware, other systems and interfaces."""
        systems = programme.system_ids
        devices = systems.filtered(lambda one: one.kind == "hardware")
        return [
            self._row("systems", len(systems - devices)),
            self._row("devices", sum(devices.mapped("quantity"))),
            self._row("interfaces", len(programme.interface_ids)),
        ]
