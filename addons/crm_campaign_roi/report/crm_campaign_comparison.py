"""Models side by side: what each credits a channel with, and how far they are apart."""

from odoo import fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyMonetary
from odoo.tools import SQL, LazyTranslate

from ..models.attribution_models import ATTRIBUTION_MODELS, PATH_MODELS
from ..models.roi_sql import in_one_currency

_lt = LazyTranslate(__name__)
#: in place of no campaign; Odoo translates it, but exports it only where it is marked
UNATTRIBUTED = _lt("Unattributed")
_NAMES = [f"ordered_{code}" for code, _label in ATTRIBUTION_MODELS]


class CrmCampaignComparison(models.Model):
    """A channel per row and month: orders in money, untaxed, under every model.

    The sum of a model over everything is the ledger of the period: what no touch led to stands
    in the row without a campaign under all of them. The removal effect gives shares of the whole
    time, so they are laid on the money of each month. The spread is the distance between the
    highest and the lowest: what no model can decide.
    """

    _name = "crm.campaign.comparison"
    _description = "Models of Attribution Compared"
    _auto = False
    _order = "month desc, campaign_id, id"
    _rec_name = "campaign_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True, falsy_value_label=UNATTRIBUTED)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    month = fields.Date(readonly=True, help="Of the order.")
    is_touched = fields.Boolean("After a Touch", readonly=True)
    for _code, _label in ATTRIBUTION_MODELS:
        vars()[f"ordered_{_code}"] = fields.Monetary(_label, readonly=True)
    del _code, _label
    lowest = EmptyMonetary(readonly=True, aggregator="avg", help="Of all models.")
    highest = EmptyMonetary(readonly=True, aggregator="avg", help="Of all models.")
    spread = EmptyMonetary(
        readonly=True,
        aggregator="avg",
        help="Highest less lowest: the uncertainty that comes from the choice of a model.",
    )

    _depends = {
        "crm.campaign.credit": ["touchpoint_id"],
        "crm.campaign.markov": ["share_amount"],
        "sale.order": ["amount_untaxed", "currency_rate", "state", "partner_id", "date_order"],
        "account.move": ["amount_untaxed_signed", "state", "invoice_date", "reversed_entry_id"],
        "crm.sales.history": ["amount_company", "not_counted"],
    }

    @property
    def _table_query(self):
        names = SQL(", ").join(map(SQL.identifier, _NAMES))
        sums = SQL(", ").join(SQL("SUM(%(n)s) AS %(n)s", n=SQL.identifier(n)) for n in _NAMES)
        return SQL(
            """
            SELECT ('x' || substr(md5(ROW(t.company_id, t.campaign_id, t.medium_id, t.source_id,
                                          t.month, t.is_touched)::text), 1, 13))
                       ::bit(52)::bigint AS id,
                   t.*, %(currency)s::int AS currency_id,
                   LEAST(%(names)s) AS lowest, GREATEST(%(names)s) AS highest,
                   GREATEST(%(names)s) - LEAST(%(names)s) AS spread
            FROM (
                SELECT company_id, campaign_id, medium_id, source_id, month, is_touched, %(sums)s
                FROM (%(paths)s UNION ALL %(shares)s) p GROUP BY 1, 2, 3, 4, 5, 6
            ) t
            """,
            currency=self.env.company.currency_id.id,
            names=names,
            sums=sums,
            paths=self._paths_sql(),
            shares=self._shares_sql(),
        )

    def _read_group_select(self, aggregate_spec, query):
        """Of groups, the distance between their sums."""
        name, _colon, _how = aggregate_spec.partition(":")
        if name not in ("lowest", "highest", "spread"):
            return super()._read_group_select(aggregate_spec, query)
        sums = SQL(", ").join(
            SQL("SUM(%s)", self._field_to_sql(self._table, one, query)) for one in _NAMES
        )
        low, high = SQL("LEAST(%s)", sums), SQL("GREATEST(%s)", sums)
        return {"lowest": low, "highest": high, "spread": SQL("%s - %s", high, low)}[name]

    def _money_sql(self):
        """SELECT of (company_id, day, key columns, amount) of the documents that are credited."""
        Credit = self.env["crm.campaign.credit"]
        companies = self.env.companies
        documents = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS company_id, d.date::date AS day, d.order_id, d.move_id,"
                " d.history_key, d.amount FROM (%s) d",
                company.id,
                # sudo: the documents of companies that the user works in, as sums only
                Credit.sudo()._plain_documents_sql(company.sudo(), None),
            )
            for company in companies
        )
        return in_one_currency(
            self.env, documents, companies,
            ["company_id", "day", "order_id", "move_id", "history_key"], ["amount"],
        )  # fmt: skip

    def _paths_sql(self):
        """Path models: each document's money by its weights. Without credit yet it is untouched."""
        weighed = SQL(", ").join(
            SQL(
                "SUM(d.amount * COALESCE(c.%s, 1))::numeric AS %s",
                SQL.identifier(f"weight_{code}"),
                SQL.identifier(f"ordered_{code}"),
            )
            for code, _label in PATH_MODELS
        )
        return SQL(
            """
            SELECT d.company_id, c.campaign_id, c.medium_id, c.source_id,
                   date_trunc('month', d.day)::date AS month,
                   c.touchpoint_id IS NOT NULL AS is_touched, %(weighed)s,
                   (SUM(d.amount) FILTER (WHERE c.touchpoint_id IS NULL))::numeric AS ordered_markov
            FROM (%(money)s) d LEFT JOIN crm_campaign_credit c ON %(same)s
            GROUP BY 1, 2, 3, 4, 5, 6
            """,
            weighed=weighed,
            money=self._money_sql(),
            same=self._same_sql(),
        )

    def _same_sql(self):
        return SQL(
            """c.company_id = d.company_id
              AND COALESCE(c.order_id, 0) = COALESCE(d.order_id, 0)
              AND COALESCE(c.move_id, 0) = COALESCE(d.move_id, 0)
              AND COALESCE(c.history_key, '') = COALESCE(d.history_key, '')"""
        )

    def _shares_sql(self):
        """Removal effect: the shares of the channels, laid on the touched money of each month."""
        nothing = SQL(", ").join([SQL("NULL::numeric")] * len(PATH_MODELS))
        return SQL(
            """
            SELECT x.company_id, x.campaign_id, x.medium_id, x.source_id, m.month, TRUE,
                   %(nothing)s, (m.amount * x.share_amount)::numeric
            FROM crm_campaign_markov x JOIN (
                SELECT d.company_id, date_trunc('month', d.day)::date AS month,
                       SUM(d.amount) AS amount
                FROM (%(money)s) d
                WHERE EXISTS (SELECT FROM crm_campaign_credit c
                              WHERE %(same)s AND c.touchpoint_id IS NOT NULL)
                GROUP BY 1, 2
            ) m ON m.company_id = x.company_id
            """,
            nothing=nothing,
            money=self._money_sql(),
            same=self._same_sql(),
        )
