"""What was learnt of a company's sales, and where: for all customers and for each segment."""

from odoo import api, fields, models


class CrmRecommendationModel(models.Model):
    """One row for all customers of a company, and one for each segment that was looked at.

    Written by the rebuild only (``crm_recommendation_rebuild.py``).
    """

    _name = "crm.recommendation.model"
    _inherit = ["crm.learnt.mixin", "crm.progress.mixin"]
    _description = "Recommendation Model"
    _order = "company_id, segment_id DESC, id"
    _rec_name = "name"
    _log_access = False

    name = fields.Char("Learnt From", compute="_compute_name")
    parameters = fields.Json(readonly=True, export_string_translation=False)
    customers = fields.Integer(readonly=True, help="Customers who bought anything.")
    baskets = fields.Integer(
        readonly=True, help="Days on which a customer bought something, added up over customers."
    )
    products = fields.Integer(readonly=True, help="Products that anybody bought.")
    lines = fields.Integer(readonly=True, help="Lines of invoices, orders and sales history.")
    own = fields.Boolean(
        "Learnt in the Segment",
        readonly=True,
        help="What is bought together is learnt from the segment's own customers, because that "
        "foretold their last purchases better; otherwise from all customers.",
    )
    reason = fields.Selection(
        [
            ("everybody", "All customers"),
            ("better", "Better on held-out purchases"),
            ("not_better", "Not surely better than all customers"),
            ("too_few", "Not enough data"),
        ],
        "Verdict",
        readonly=True,
    )
    tested = fields.Integer(
        "Held-out Purchases",
        readonly=True,
        aggregator=None,
        help="Last purchases of customers that were kept aside, to compare what foretells them.",
    )
    recall_own = fields.Float(
        "Found, Learnt in the Segment",
        readonly=True,
        aggregator=None,
        help="Share of the new products in held-out purchases that are among ten recommended, "
        "learnt from the segment's own customers.",
    )
    recall_all = fields.Float(
        "Found, Learnt From All",
        readonly=True,
        aggregator=None,
        help="The same, learnt from all customers.",
    )
    difference_low = fields.Float(
        "Gain at Least",
        readonly=True,
        aggregator=None,
        help="Lower bound (95 %) of the difference of the two. Learnt in the segment if above 0.",
    )
    date = fields.Datetime("Last Rebuilt")

    _place_unique = models.UniqueIndex("(company_id, COALESCE(segment_id, 0))")

    @api.depends("segment_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for model in self:
            segment = model.segment_id.with_context(segmentation_in_name=True)
            model.name = segment.display_name or self.env._("All customers")

    @api.model
    def _of_company(self, company):
        """The row of all customers; made at the first use."""
        domain = [("company_id", "=", company.id), ("segment_id", "=", False)]
        return self.search(domain, limit=1) or self.create(
            {"company_id": company.id, "reason": "everybody"}
        )

    @api.model
    def action_open(self):
        """Open the list, with a row for each company before anything was learnt."""
        self.check_access("read")
        # sudo: nobody creates these rows by hand
        for company in self.env.companies:
            self.sudo()._of_company(company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_recommendation_model_action"
        )

    def action_open_affinity(self):
        """Open the pairs of products that were learnt here."""
        return self._open("crm_scenarios.crm_product_affinity_action")

    def action_open_usage(self):
        """Open the products and how they are bought here."""
        return self._open("crm_scenarios.crm_product_usage_action")

    def _open(self, xmlid):
        self.ensure_one()
        self.check_access("read")
        domain = [
            ("company_id", "=", self.company_id.id),
            ("segment_id", "=", self.segment_id.id),
        ]
        return {**self.env["ir.actions.actions"]._for_xml_id(xmlid), "domain": domain}
