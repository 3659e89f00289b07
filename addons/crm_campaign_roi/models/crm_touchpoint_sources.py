"""Where touchpoints come from: one overridable SELECT per kind.

Each has the columns of ``COLUMNS``. The kind of a SELECT is the code of a
``crm.touchpoint.kind``; an add-on adds a record and a SELECT in :meth:`_touchpoint_sources`.
"""

from odoo import api, models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

COLUMNS = (
    "company_id", "partner_id", "lead_id", "date", "campaign_id", "medium_id", "source_id",
    "res_model", "res_id", "code", "origin_campaign_id",
)  # fmt: skip

_ENTITY = SQL.identifier("p", "commercial_partner_id")


def has_utm(alias):
    """:return: SQL condition: the row of a model with the host's UTM fields has any of them"""
    return SQL(
        "(%(a)s.campaign_id IS NOT NULL OR %(a)s.medium_id IS NOT NULL"
        " OR %(a)s.source_id IS NOT NULL)",
        a=SQL.identifier(alias),
    )


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _touchpoint_sources(self, partner_ids):
        """SELECTs by code of their kind.

        :param list partner_ids: ids of commercial entities; None for everybody, and then for those
            touches too of which nobody knows who it was
        :return: dict of str → SQL
        """
        return {
            "lead": self._touches_leads_sql(partner_ids),
            "order": self._touches_orders_sql(partner_ids),
            "invoice": self._touches_invoices_sql(partner_ids),
        }

    def _touches_leads_sql(self, partner_ids):
        """Leads and opportunities with any UTM, lost ones too: the touch was there."""
        return SQL(
            """
            SELECT l.company_id, p.commercial_partner_id, l.id, l.create_date,
                   l.campaign_id, l.medium_id, l.source_id, 'crm.lead', l.id, NULL, NULL::int
            FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
            WHERE %(utm)s AND %(scope)s
            """,
            utm=has_utm("l"),
            scope=sql_any(_ENTITY, partner_ids),
        )

    def _touches_orders_sql(self, partner_ids):
        """Quotations and orders with any UTM, when they were made.

        One that only repeats the UTM of its opportunity is no further touch. A date of the order
        before its entry is believed: it was entered later.
        """
        return SQL(
            """
            SELECT o.company_id, p.commercial_partner_id, o.opportunity_id,
                   LEAST(o.create_date, o.date_order), o.campaign_id, o.medium_id, o.source_id,
                   'sale.order', o.id, NULL, NULL::int
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            LEFT JOIN crm_lead l ON l.id = o.opportunity_id
            WHERE o.state <> 'cancel' AND %(utm)s AND %(scope)s
              AND (l.id IS NULL OR (l.campaign_id, l.medium_id, l.source_id)
                   IS DISTINCT FROM (o.campaign_id, o.medium_id, o.source_id))
            """,
            utm=has_utm("o"),
            scope=sql_any(_ENTITY, partner_ids),
        )

    def _touches_invoices_sql(self, partner_ids):
        """Posted invoices with UTM that no order stands behind."""
        return SQL(
            """
            SELECT m.company_id, p.commercial_partner_id, NULL::int,
                   LEAST(m.create_date, m.invoice_date + TIME '23:59:59'),
                   m.campaign_id, m.medium_id, m.source_id, 'account.move', m.id, NULL, NULL::int
            FROM account_move m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_receipt')
              AND %(utm)s AND %(scope)s AND NOT %(ordered)s
            """,
            utm=has_utm("m"),
            scope=sql_any(_ENTITY, partner_ids),
            ordered=self._ordered_sql(),
        )

    def _ordered_sql(self):
        """SQL condition: an order stands behind a line of the move ``m``."""
        return SQL(
            """EXISTS (
                SELECT FROM account_move_line ml
                JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = ml.id
                WHERE ml.move_id = m.id
            )"""
        )
