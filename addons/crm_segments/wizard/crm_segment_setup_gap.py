"""What a feature needs, and which records lack it."""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.setup_choice import readiness
from ..models.metric_fields import ALL_FIGURES_GROUPS


class CrmSegmentSetupGap(models.TransientModel):
    """One line of the set-up page: a feature, what it lacks, the records that cause it."""

    _name = "crm.segment.setup.gap"
    _description = "What a Feature of Segments Lacks"
    _order = "sequence, id"

    setup_id = fields.Many2one("crm.segment.setup", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    code = fields.Char(required=True, readonly=True, export_string_translation=False)
    name = fields.Char("What Is Missing", compute="_compute_texts")
    feature = fields.Char("What Needs It", compute="_compute_texts")
    hint = fields.Char("What Helps", compute="_compute_texts")
    state = fields.Selection(
        [
            ("ready", "Ready"),
            ("partly", "Partly"),
            ("lacking", "Too little"),
            ("empty", "No data"),
            ("info", "Note"),
        ],
        readonly=True,
    )
    lacking_count = fields.Integer("Records", readonly=True)
    total_count = fields.Integer("Of", readonly=True)
    share = fields.Float(compute="_compute_share")
    currency_id = fields.Many2one(related="setup_id.currency_id")
    amount = fields.Monetary("Money", readonly=True, groups=ALL_FIGURES_GROUPS)
    amount_share = fields.Float("Of the Money", readonly=True, groups=ALL_FIGURES_GROUPS)
    res_model = fields.Char(readonly=True, export_string_translation=False)
    domain = fields.Char(readonly=True, export_string_translation=False)
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.depends("lacking_count", "total_count")
    def _compute_share(self):
        for gap in self:
            gap.share = gap.lacking_count / gap.total_count if gap.total_count else 0

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_texts(self):
        texts = self._texts()
        for gap in self:
            gap.name, gap.feature, gap.hint = texts.get(gap.code, ("", "", ""))

    @api.depends("res_model", "lacking_count")
    @api.depends_context("uid")
    def _compute_can_open(self):
        for gap in self:
            model = gap.res_model in self.env and self.env[gap.res_model]
            gap.can_open = bool(gap.lacking_count) and model.has_access("read")

    def action_open(self):
        """Open the records that lack what the feature needs, with the rights of the user."""
        self.ensure_one()
        if not self.can_open:
            raise UserError(self.env._("There is nothing here that you may open."))
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": literal_eval(self.domain),
            "context": {"active_test": self.code != "archived", "create": False},
        }

    @api.model
    def _texts(self):
        """Code of the gap → (what is missing, what needs it, what helps)."""
        return {
            "no_sales": (
                self.env._("Customers without any sale"),
                self.env._("Everything about buying"),
                self.env._(
                    "They become “No purchase yet”. Import sales from another system, if any."
                ),
            ),
            "industry": (
                self.env._("Customers without an industry"),
                self.env._("Segments by industry"),
                self.env._("Set it on the customers with the most money first."),
            ),
            "country": (
                self.env._("Customers without a country"),
                self.env._("Segments by country"),
                self.env._("Set the country in the address."),
            ),
            "salesperson": (
                self.env._("Customers without a salesperson"),
                self.env._("Segments by salesperson, and who may see figures"),
                self.env._("Until then every salesperson sees their figures."),
            ),
            "no_company": (
                self.env._("Persons without a company"),
                self.env._("Sales counted per customer"),
                self.env._(
                    "If they buy for a company, make them its contacts: their sales add up there."
                ),
            ),
            "archived": (
                self.env._("Archived customers with sales"),
                self.env._("Population"),
                self.env._("They are in no segment; their sales count in the company's totals."),
            ),
            "not_invoiced": (
                self.env._("Confirmed orders without an invoice"),
                self.env._("Basis of the figures"),
                self.env._("Counted only if sales are counted from orders."),
            ),
            "lead_source": (
                self.env._("Leads and opportunities without a source"),
                self.env._("Return of marketing"),
                self.env._("Set the source, or let forms and links set it."),
            ),
            "no_cost": (
                self.env._("Sold lines without a cost"),
                self.env._("Margins"),
                self.env._("Set the cost on the products."),
            ),
            "history": (
                self.env._("Lines of sales from other systems"),
                self.env._("Purchases from before this database"),
                self.env._("Compare the sources if several systems ran side by side."),
            ),
        }


class CrmSegmentSetup(models.TransientModel):
    _inherit = "crm.segment.setup"  # pylint: disable=consider-merging-classes-inherited

    def _gap_specs(self, facts):
        """(code, model, domain of all, domain of those that lack it), in their order."""
        company = facts["company"]
        customers = self._customer_domain(company)
        archived = [*customers[:2], ("active", "=", False), ("crm_sales_found", "=", "some")]
        orders = self._order_domain(facts)
        leads = [("company_id", "in", [False, company.id]), ("type", "!=", False)]
        lines_model, lines = self._sold_lines_domain(facts)
        no_cost = [
            "|", ("product_id", "=", False), ("product_id.standard_price", "in", [False, 0]),
        ]  # fmt: skip
        return [
            ("no_sales", "res.partner", customers, [("crm_sales_found", "=", "none")]),
            ("industry", "res.partner", customers, [("industry_id", "=", False)]),
            ("country", "res.partner", customers, [("country_id", "=", False)]),
            ("salesperson", "res.partner", customers, [("user_id", "=", False)]),
            ("no_company", "res.partner", customers, [("is_company", "=", False)]),
            ("archived", "res.partner", archived, []),
            ("not_invoiced", "sale.order", orders, self._open_order_domain()),
            ("lead_source", "crm.lead", leads, [("source_id", "=", False)]),
            ("no_cost", lines_model, lines, no_cost),
        ]

    def _sold_lines_domain(self, facts):
        """Model and domain of the lines sold in the last twelve months."""
        company, since = facts["company"].id, str(facts["since"])
        if facts["basis"][0] == "order":
            return "sale.order.line", [
                ("company_id", "=", company), ("state", "=", "sale"),
                ("display_type", "=", False), ("is_downpayment", "=", False),
                ("order_id.date_order", ">", since),
            ]  # fmt: skip
        return "account.move.line", [
            ("company_id", "=", company), ("parent_state", "=", "posted"),
            ("display_type", "=", "product"), ("date", ">", since),
            ("move_id.move_type", "in", ["out_invoice", "out_receipt"]),
        ]  # fmt: skip

    def _gap_facts(self, facts):
        """List of dicts: code, model, domain, counts and money of all and of those that lack."""
        found, known = [], {}
        for code, model, everything, lacking in self._gap_specs(facts):
            scoped = self.with_context(active_test=code != "archived")
            key = (model, str(everything))
            if key not in known:
                known[key] = scoped._measured(model, everything)
            (total, money), part = known[key], known[key]
            if lacking:
                part = scoped._measured(model, everything + lacking)
            found.append(
                {
                    "code": code,
                    "res_model": model,
                    "domain": str(everything + lacking),
                    "lacking": part,
                    "total": (total, money),
                }
            )
        return [*found, self._history_fact(facts)]

    def _history_fact(self, facts):
        domain = [("company_id", "=", facts["company"].id)]
        history = self.env["crm.sales.history"]
        [[lines, money]] = history._read_group(domain, [], ["__count", "amount_company:sum"])
        return {
            "code": "history",
            "res_model": "crm.sales.source",
            "domain": str(domain),
            "lacking": (lines, money or 0),
            "total": (lines, money or 0),
        }

    def _gap_vals(self, facts):
        """Values of the lines; money only for those who may see it."""
        visible = self.env["res.partner"]._sees_all_figures()
        for sequence, gap in enumerate(facts["gaps"]):
            (count, amount), (total, money) = gap["lacking"], gap["total"]
            vals = {
                "sequence": sequence,
                "code": gap["code"],
                "res_model": gap["res_model"],
                "domain": gap["domain"],
                "lacking_count": count,
                "total_count": total,
                "state": self._gap_state(gap),
            }
            if visible:
                vals |= {"amount": amount, "amount_share": amount / money if money > 0 else 0}
            yield vals

    def _gap_state(self, gap):
        """Judged by the money where there is some: many small customers matter less."""
        if gap["code"] in ("archived", "history", "no_sales", "no_company"):
            return "info"
        (count, amount), (total, money) = gap["lacking"], gap["total"]
        return readiness(amount, money) if money > 0 else readiness(count, total)
