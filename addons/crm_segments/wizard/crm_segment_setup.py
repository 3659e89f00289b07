"""The set-up page of a company: what its data allows, and one click to start."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command


class CrmSegmentSetup(models.TransientModel):
    """What was found in the data of a company, and what is proposed from it.

    Everything on it is found again each time it is opened (:meth:`action_open`).
    """

    _name = "crm.segment.setup"
    _description = "Set-up of Segments"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_count = fields.Integer("Customers", readonly=True)
    buyer_count = fields.Integer("Who Bought", readonly=True)
    gap_ids = fields.One2many("crm.segment.setup.gap", "setup_id", "What the Data Allows")
    catch_all_ids = fields.One2many(
        "crm.segment.setup.catch.all", "setup_id", "Names That Stand for Many"
    )
    choice_ids = fields.One2many(
        "crm.segment.setup.choice", "setup_id", "Segmentations to Start With"
    )
    sales_basis = fields.Selection(
        lambda self: self.env["res.company"]._fields["crm_sales_basis"]._description_selection(
            self.env
        ),
        "Sales Are Counted From",
        required=True,
    )
    basis_reason = fields.Char("Why This Basis", readonly=True)
    purchase_unit = fields.Selection(
        lambda self: self.env["res.company"]._fields["crm_purchase_unit"]._description_selection(
            self.env
        ),
        "A Purchase Is",
        required=True,
    )
    unit_reason = fields.Char("Why This Unit", readonly=True)
    duplicate_count = fields.Integer("Groups of Likely Duplicates", readonly=True)
    date_started = fields.Datetime("Started", readonly=True)
    # n of m segmentations done, and whether it goes on: see ``progress``
    run_progress = fields.Json(
        "Progress", compute="_compute_run_progress", export_string_translation=False
    )

    @api.model
    def action_open(self):
        """Look at the data of the current company and show what was found.

        :return: action of the page
        :raises AccessError: for users who are not managers of segments
        """
        self._check_manager()
        setup = self.create(self._found(self.env.company))
        return setup._page()

    def action_again(self):
        """Look at the data anew, such as after gaps were closed."""
        self.ensure_one()
        return self.with_company(self.company_id).action_open() | {"target": "main"}

    def action_accept(self):
        """Take the proposals over: basis, unit, population, segmentations; start the first run.

        The page, read again, shows the progress.
        """
        self.ensure_one()
        self._check_manager()
        self.date_started = fields.Datetime.now()
        # sudo: what a sale is, is a setting that managers of segments accept here
        company = self.company_id.sudo()
        wanted = {
            "crm_sales_basis": self.sales_basis,
            "crm_purchase_unit": self.purchase_unit,
        }
        if changed := {name: one for name, one in wanted.items() if company[name] != one}:
            company.write(changed)
        self.catch_all_ids.filtered("leave_out")._leave_out()
        self.choice_ids.filtered("accepted")._switch_on()
        # also where everything was switched on before: the page promises a run
        self.env["crm.segmentation"]._trigger_rebuild()
        return True

    def action_open_duplicates(self):
        """Open the groups of likely duplicates."""
        return self.env["crm.partner.duplicate"].with_company(self.company_id).action_open()

    def _page(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set-up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("crm_segments.group_segments_manager"):
            raise AccessError(self.env._("Only managers of segments may set them up."))

    @api.model
    def _found(self, company):
        """Values of a page: what the data of the company has and lacks."""
        # sudo: the counts cover documents of all salespeople; money is put on the page only
        # for those who may see it, by the groups of its fields.
        found = self.sudo().with_company(company)._facts(company)
        return {
            "company_id": company.id,
            "customer_count": found["buyers"].customers,
            "buyer_count": found["buyers"].buyers,
            "sales_basis": found["basis"][0],
            "basis_reason": self._basis_text(found),
            "purchase_unit": found["unit"][0],
            "unit_reason": self._unit_text(found),
            "duplicate_count": found["duplicates"],
            "gap_ids": [Command.create(vals) for vals in self._gap_vals(found)],
            "catch_all_ids": [Command.create(vals) for vals in self._catch_all_vals(found)],
            "choice_ids": [Command.create(vals) for vals in self._choice_vals(found)],
        }

    # progress of the first run

    def _compute_run_progress(self):
        for setup in self:
            setup.run_progress = setup.date_started and setup._progress()

    @api.readonly
    def progress(self):
        """How far the first run is.

        :return: dict of numbers ``done``, ``failed``, ``total`` (segmentations) and booleans
            ``running`` and ``waiting`` (nothing of it has begun)
        """
        self.ensure_one()
        self.check_access("read")
        return self._progress()

    def _progress(self):
        switched_on = self.env["crm.segmentation"]._enabled()._applying_to(self.company_id)
        runs = self.env["crm.segmentation.run"].sudo().search(  # sudo: states, no figures
            [
                ("segmentation_id", "in", switched_on.ids),
                ("company_id", "=", self.company_id.id),
                ("date_start", ">=", self.date_started),
            ]
        )  # fmt: skip
        ended = runs.filtered(lambda run: run.state != "running")
        failed = ended.filtered(lambda run: run.state == "failed").segmentation_id
        done = ended.segmentation_id
        return {
            "total": len(switched_on),
            "done": len(done),
            "failed": len(failed),
            "running": len(done) < len(switched_on),
            "waiting": not runs,
        }
