"""What a figure of the panel is made of, opened."""

from odoo import models
from odoo.addons.crm_segments.models.books import sees_books
from odoo.exceptions import UserError
from odoo.tools import SQL

from .attribution_models import PATH_MODELS

#: stage → column of the results that says what belongs to it
_STAGES = {"ordered": "ordered", "invoiced": "invoiced", "paid": "paid", "margin": "margin"}


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    def action_open_return(self, stage, model=None):
        """Open the entries, orders or invoices that a figure is made of.

        :param str stage: cost, file, committed, leads, opportunities, ordered, invoiced, paid or
            margin
        :param str model: model of attribution, None for the company's
        :return: action
        :raises UserError: 'ask accounting' for users who may not see the entries
        """
        self.ensure_one()
        self.check_access("read")
        self.env["crm.campaign.roi.report"].check_access("read")
        if stage in ("leads", "opportunities"):
            return self._open_leads(stage)
        if not sees_books(self.env):
            raise UserError(
                self.env._(
                    "Ask accounting: the entries behind this figure are shown to accounting only."
                )
            )
        if stage == "cost":
            return self._open_cost()
        if stage == "file":
            mine = [("campaign_id", "=", self.id)]
            return self._open("crm.campaign.spend", self.env._("Ad Spend"), mine, "list")
        if stage == "committed":
            return self._open_committed()
        if stage not in _STAGES:
            raise UserError(self.env._("There is no figure “%s”.", stage))
        return self._open_results(stage, self._known_model(model))

    def _open(self, model, name, domain, views="list,form", **context):
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.title}: {name}",
            "res_model": model,
            "view_mode": views,
            "views": [(False, one) for one in views.split(",")],
            "domain": domain,
            "context": {"create": False, **context},
        }

    def _open_leads(self, stage):
        domain = [("campaign_id", "=", self.id)]
        if stage == "opportunities":
            domain.append(("type", "=", "opportunity"))
        return self._open(
            "crm.lead", self.env._("Leads and Opportunities"), domain, active_test=False
        )

    def _open_cost(self):
        """Analytic lines; what platforms reported is opened by its own line of the panel."""
        domain = self.env["crm.campaign.cost"]._line_domain(self, self.env.companies)
        return self._open("account.analytic.line", self.env._("Cost"), list(domain))

    def _open_committed(self):
        """Draft bills, else the purchase orders."""
        costs = self.env["crm.campaign.cost"]
        costs._flush_cost()
        rows = self.env.execute_query(
            SQL(
                "SELECT move_id, purchase_id FROM (%s) x WHERE campaign_id = %s",
                costs._committed_sql(self.env.companies),
                self.id,
            )
        )
        moves = [move_id for move_id, _purchase in rows if move_id]
        if moves or not rows:
            return self._open(
                "account.move", self.env._("Draft Bills"), [("id", "in", moves)],
                default_move_type="in_invoice",
            )  # fmt: skip
        orders = [purchase_id for _move, purchase_id in rows]
        return self._open("purchase.order", self.env._("Purchase Orders"), [("id", "in", orders)])

    def _open_results(self, stage, code):
        """Orders, invoices or lines of the history; the credit, if documents of several kinds.

        Markov has no split of an order: what it shares is opened as the documents of any credit.
        """
        rows = self._credited_documents(stage, code)
        invoices = [invoice for _order, invoice, _history in rows if invoice]
        orders = [order for order, invoice, _history in rows if order and not invoice]
        keys = [key for _order, _invoice, key in rows if key]
        if bool(invoices) + bool(orders) + bool(keys) > 1:
            domain = [("campaign_id", "=", self.id)]
            if code in dict(PATH_MODELS):
                domain.append((f"weight_{code}", ">", 0))
            return self._open("crm.campaign.credit", self.env._("Credit"), domain, "list")
        if invoices:
            domain = [("id", "in", invoices)]
            # the host's list shows the customer to who asks for customers' invoices
            kind = {"default_move_type": "out_invoice"}
            return self._open("account.move", self.env._("Invoices"), domain, **kind)
        if keys:
            return self._open_history(keys)
        return self._open("sale.order", self.env._("Orders"), [("id", "in", orders)])

    def _open_history(self, keys):
        """Lines of documents of the sales history, named by source, customer and number."""
        sources, partners, documents = zip(*(key.split(":", 2) for key in keys), strict=True)
        domain = [
            ("source_id", "in", sorted(set(map(int, sources)))),
            ("partner_id.commercial_partner_id", "in", sorted(set(map(int, partners)))),
            ("document", "in", list(documents)),
        ]
        return self._open("crm.sales.history", self.env._("Sales History"), domain, "list")

    def _credited_documents(self, stage, code):
        """(order, invoice, history document) with credit of the campaign under a model."""
        report = self.env["crm.campaign.roi.report"]
        report._flush()
        codes = dict(PATH_MODELS)
        weights = [report._weight(one) for one in ([code] if code in codes else codes)]
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT x.order_id, x.invoice_id, x.history_key
                FROM (%(results)s) x JOIN (%(credits)s) c ON %(same)s
                WHERE c.campaign_id = %(campaign)s AND COALESCE(x.%(stage)s, 0) <> 0
                  AND GREATEST(%(weights)s) > 0
                """,
                results=self.env["crm.campaign.result"]._results_sql(self.env.companies),
                credits=report._credits_sql(self.env.companies),
                same=report._same_document(),
                campaign=self.id,
                stage=SQL.identifier(_STAGES[stage]),
                weights=SQL(", ").join(weights),
            )
        )
