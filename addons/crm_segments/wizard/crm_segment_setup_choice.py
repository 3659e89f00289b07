"""The two segmentations that fit the data, each with its reason in words and numbers."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount, formatLang

#: segmentation by a field: the one shipped, else made when it is accepted
SHIPPED = {
    "rfm": "crm_segments.segmentation_rfm",
    "lifecycle": "crm_segments.segmentation_lifecycle",
    "volume": "crm_segments.segmentation_volume",
    "abc": "crm_segments.segmentation_abc",
    "industry_id": "crm_segments.segmentation_industry",
}


class CrmSegmentSetupChoice(models.TransientModel):
    """A segmentation that is proposed."""

    _name = "crm.segment.setup.choice"
    _description = "Proposed Segmentation"
    _order = "id"

    setup_id = fields.Many2one("crm.segment.setup", required=True, index=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True, export_string_translation=False)
    name = fields.Char("Segmentation", readonly=True)
    reason = fields.Char("Why", readonly=True)
    population = fields.Char(readonly=True, help="Which customers are divided, and how many.")
    segmentation_id = fields.Many2one(
        "crm.segmentation", "Already There", readonly=True, ondelete="cascade"
    )
    is_on = fields.Boolean("Switched On", related="segmentation_id.enabled")
    accepted = fields.Boolean("Start", default=True)

    def _switch_on(self):
        """Switch the segmentations on, with the rights of the user; make those that are not yet."""
        for choice in self:
            if not choice.segmentation_id:
                choice.segmentation_id = choice.segmentation_id.create(choice._new_segmentation())
            elif not choice.is_on:
                choice.segmentation_id.write({"active": True, "enabled": True})

    def _new_segmentation(self):
        """Values of a division by a field."""
        return {
            "name": self.name,
            "method": "field",
            "field_id": self.env["ir.model.fields"]._get("res.partner", self.code).id,
            "segment_ids": [(0, 0, {"name": self.env._("Unknown"), "is_rest": True})],
        }


class CrmSegmentSetup(models.TransientModel):
    _inherit = "crm.segment.setup"  # pylint: disable=consider-merging-classes-inherited

    def _choice_vals(self, facts):
        """How customers buy, and who they are."""
        behaviour = facts["behaviour"][0]
        attribute = facts["attribute"]
        second = attribute.name if attribute else "volume" if behaviour != "volume" else "abc"
        for code in (behaviour, second):
            segmentation = self._existing(code, facts["company"])
            if segmentation or code not in SHIPPED or code == "industry_id":
                yield {
                    "code": code,
                    "name": segmentation.name or self._attribute_name(code),
                    "reason": self._choice_text(code, facts),
                    "population": self._population_text(segmentation, facts),
                    "segmentation_id": segmentation.id,
                }

    def _population_text(self, segmentation, facts):
        """Who would be divided: all customers, or those of the segmentation's own population."""
        everybody, company = facts["buyers"], facts["company"]
        try:
            own = segmentation._count_divided(company) if segmentation else everybody.customers
        except UserError as error:
            return str(error)
        params = {"divided": self._number(own), "customers": self._number(everybody.customers),
                  "buyers": self._number(everybody.buyers)}  # fmt: skip
        if own == everybody.customers:
            return self.env._(
                "All %(customers)s customers: %(buyers)s who bought, and prospects.", **params
            )
        return self.env._(
            "%(divided)s of %(customers)s customers: those of its own population.", **params
        )

    def _existing(self, code, company):
        """The shipped segmentation, or one that divides by the same field."""
        Segmentation = self.env["crm.segmentation"]
        xmlid = SHIPPED.get(code)
        shipped = self.env.ref(xmlid, raise_if_not_found=False) if xmlid else Segmentation
        if shipped or code not in ("industry_id", "country_id", "user_id"):
            return shipped or Segmentation
        return Segmentation.search(
            [
                ("method", "=", "field"),
                ("field_id.name", "=", code),
                ("company_id", "in", [False, *company.parent_ids.ids]),
            ],
            order="enabled DESC, id",
            limit=1,
        )

    def _attribute_name(self, code):
        return {
            "industry_id": self.env._("By industry"),
            "country_id": self.env._("By country"),
            "user_id": self.env._("By salesperson"),
        }.get(code, "")

    # the reasons in words and numbers

    def _percent(self, share):
        return self.env._("%(share)s %%", share=formatLang(self.env, share * 100, digits=0))

    def _number(self, value):
        return formatLang(self.env, value, digits=0)

    def _choice_text(self, code, facts):
        attribute = facts["attribute"]
        if attribute and code == attribute.name:
            return self._attribute_text(attribute, facts)
        buyers = facts["buyers"]
        params = {
            "buyers": self._number(buyers.buyers),
            "customers": self._number(buyers.customers),
            "repeat": self._number(buyers.repeat),
            "share": self._percent(buyers.repeat / buyers.buyers if buyers.buyers else 0),
        }
        if code == facts["behaviour"][0]:
            return self._behaviour_text(facts["behaviour"][1], params)
        return self.env._(
            "Neither industry, country nor salesperson is known for half of the revenue with "
            "more than one value: %(buyers)s buyers are divided by how much they buy.",
            **params,
        )

    def _behaviour_text(self, reason, params):
        texts = {
            "spread": self.env._(
                "%(buyers)s of %(customers)s customers bought, %(repeat)s of them (%(share)s) on "
                "more than one day: recency, frequency and money can be ranked.",
                **params,
            ),
            "some_repeat": self.env._(
                "%(buyers)s of %(customers)s customers bought, %(repeat)s of them (%(share)s) on "
                "more than one day: too few to rank how often, enough for a rhythm.",
                **params,
            ),
            "once": self.env._(
                "%(buyers)s customers bought, only %(repeat)s (%(share)s) more than once: "
                "how much they buy tells more than how often.",
                **params,
            ),
            "few": self.env._(
                "Only %(buyers)s of %(customers)s customers bought: not enough data to rank "
                "them. The lifecycle shows who is still a prospect.",
                **params,
            ),
        }
        return texts[reason]

    def _attribute_text(self, attribute, facts):
        params = {
            "share": self._percent(attribute.known),
            "customers": self._number(attribute.customers),
            "values": self._number(attribute.values),
            "largest": self._percent(attribute.largest),
        }
        if not self.env["res.partner"]._sees_all_figures():
            return self.env._(
                "Known for %(customers)s customers, with %(values)s values: enough of the sales "
                "belong to them.",
                **params,
            )
        if facts["revenue"] > 0:
            return self.env._(
                "%(share)s of the revenue belongs to customers for whom it is known: %(values)s "
                "values, the largest with %(largest)s of it.",
                **params,
            )
        return self.env._(
            "Known for %(share)s of the customers: %(values)s values, the largest with "
            "%(largest)s of them.",
            **params,
        )

    def _money_or_count(self, documents, facts):
        """Documents in words: with their money for those who may see it."""
        count = self._number(documents.count)
        if not self.env["res.partner"]._sees_all_figures():
            return count
        amount = format_amount(self.env, documents.amount, facts["company"].currency_id)
        return self.env._("%(count)s (%(amount)s)", count=count, amount=amount)

    def _basis_text(self, facts):
        params = {
            name: self._money_or_count(facts[name], facts)
            for name in ("invoices", "orders", "open_orders")
        }
        return {
            "nothing": self.env._(
                "No invoice and no confirmed order in the last twelve months: not enough data."
            ),
            "no_orders": self.env._(
                "Last twelve months: invoices %(invoices)s, no confirmed order.", **params
            ),
            "no_invoices": self.env._(
                "Last twelve months: confirmed orders %(orders)s, no invoice: this company does "
                "not invoice here.",
                **params,
            ),
            "not_invoiced": self.env._(
                "Last twelve months: invoices %(invoices)s, confirmed orders %(orders)s, of them "
                "without an invoice %(open_orders)s: most sales are not invoiced here.",
                **params,
            ),
            "invoiced": self.env._(
                "Last twelve months: invoices %(invoices)s, confirmed orders %(orders)s, of them "
                "without an invoice %(open_orders)s.",
                **params,
            ),
        }[facts["basis"][1]]

    def _unit_text(self, facts):
        documents, collective, partial, days = map(self._number, facts["unit_counts"])
        params = {
            "documents": documents,
            "collective": collective,
            "partial": partial,
            "days": days,
        }
        return {
            "nothing": self.env._("No document in the last twelve months: not enough data."),
            "collective": self.env._(
                "%(collective)s of %(documents)s invoices collect several orders: the orders "
                "behind them are the purchases.",
                **params,
            ),
            "partial": self.env._(
                "%(partial)s orders were invoiced in parts, with %(documents)s invoices in all: "
                "the orders behind them are the purchases.",
                **params,
            ),
            "same_day": self.env._(
                "%(documents)s documents fall on %(days)s days of a customer: several of one "
                "day are one purchase.",
                **params,
            ),
            "one_each": self.env._(
                "%(documents)s documents on %(days)s days of a customer, %(collective)s of "
                "several orders: each stands for a purchase.",
                **params,
            ),
        }[facts["unit"][1]]
