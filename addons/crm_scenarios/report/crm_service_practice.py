"""Policy against practice: each customer and lead beside what was promised to its segment."""

from odoo import fields, models
from odoo.tools import SQL

#: leads of so many days are looked at
LEAD_DAYS = 365


class CrmServicePractice(models.Model):
    """A row per promise in force: a customer's contact, a customer's payments, a lead's answer.

    ``kept`` is 1 or 0, so its average is the share of promises that are kept.
    """

    _name = "crm.service.practice"
    _description = "Service: Policy and Practice"
    _auto = False
    _order = "kept, id"
    _rec_name = "partner_id"
    _depends = {
        "crm.service.policy": [
            "company_id", "segment_id", "state", "contact_days", "response_hours",
            "payment_term_id",
        ],
        "account.payment.term.line": ["payment_id", "nb_days"],
        "crm.segment.membership": ["partner_id", "segment_id", "date_to", "pinned"],
        "crm.customer.metrics": [
            "partner_id", "company_id", "last_contact_date", "first_purchase_date", "days_to_pay",
            "purchase_count",
        ],
        "res.partner": ["user_id", "commercial_partner_id", "active"],
        "crm.lead": ["create_date", "user_id", "partner_id", "company_id", "active"],
        "mail.activity": ["res_model", "res_id", "active", "date_done"],
        "mail.message": ["model", "res_id", "date", "author_id", "message_type"],
        "calendar.event": ["opportunity_id", "start", "active"],
    }  # fmt: skip

    kind = fields.Selection(
        [
            ("contact", "Contact (days)"),
            ("response", "First response (hours)"),
            ("payment", "Payment (days)"),
        ],
        "Promise", readonly=True,
    )  # fmt: skip
    company_id = fields.Many2one("res.company", readonly=True)
    segment_id = fields.Many2one("crm.segment", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    policy_value = fields.Float("Policy", readonly=True, aggregator="avg", digits=(16, 0))
    practice_value = fields.Float("Practice", readonly=True, aggregator="avg", digits=(16, 0))
    kept = fields.Float(
        "Kept (Share)", readonly=True, aggregator="avg", digits=(16, 2),
        help="Share of the promises that are kept.",
    )  # fmt: skip

    @property
    def _table_query(self):
        """Rows of the companies that are switched on; the rules leave those one may see."""
        return SQL(
            """
            WITH division (company_id, segmentation_id) AS (%(leading)s),
            deal AS MATERIALIZED (
                SELECT l.id, l.create_date AS start,
                       %(now)s::timestamp + INTERVAL '1 day' AS until,
                       l.user_id, c.commercial_partner_id AS partner_id,
                       COALESCE(l.company_id, %(company)s) AS company_id
                FROM crm_lead l LEFT JOIN res_partner c ON c.id = l.partner_id
                WHERE (l.active OR l.won_status <> 'pending')
                  AND l.create_date > %(now)s::timestamp - %(days)s * INTERVAL '1 day'),
            answer AS (SELECT id, MIN(moment) AS moment FROM (%(moments)s) m GROUP BY id)
            SELECT *, (practice_value <= policy_value)::int AS kept FROM (
                SELECT m.id * 4 AS id, 'contact' AS kind, m.company_id, v.segment_id, p.user_id,
                       p.id AS partner_id, NULL::int AS lead_id, v.contact_days AS policy_value,
                       %(today)s - COALESCE(m.last_contact_date, m.first_purchase_date)
                           AS practice_value
                %(customers)s AND v.contact_days > 0
                UNION ALL
                SELECT m.id * 4 + 1, 'payment', m.company_id, v.segment_id, p.user_id, p.id, NULL,
                       (SELECT MAX(t.nb_days) FROM account_payment_term_line t
                        WHERE t.payment_id = v.payment_term_id), m.days_to_pay
                %(customers)s AND v.payment_term_id IS NOT NULL AND m.days_to_pay IS NOT NULL
                UNION ALL
                SELECT d.id * 4 + 2, 'response', d.company_id, v.segment_id, d.user_id,
                       d.partner_id, d.id, v.response_hours,
                       EXTRACT(EPOCH FROM COALESCE(a.moment, %(now)s::timestamp) - d.start) / 3600
                FROM deal d JOIN division USING (company_id) LEFT JOIN answer a ON a.id = d.id
                %(lead_policy)s
                WHERE v.response_hours > 0
                  AND (a.moment IS NOT NULL
                       OR d.start <= %(now)s::timestamp - v.response_hours * INTERVAL '1 hour')
            ) rows
            """,
            leading=self.env["crm.deal.control"]._leading_sql(),
            now=fields.Datetime.now(),
            company=self.env.company.id,
            days=LEAD_DAYS,
            moments=SQL(" UNION ALL ").join(self.env["crm.deal.pattern"]._facts_moments().values()),
            today=self.env["crm.segmentation"]._today(),
            customers=self._customers_sql(),
            lead_policy=self._policy_join(SQL("d.partner_id"), SQL("d.company_id")),
        )

    def _customers_sql(self):
        return SQL(
            """
            FROM crm_customer_metrics m JOIN division USING (company_id)
            JOIN res_partner p ON p.id = m.partner_id %s
            WHERE p.active AND m.purchase_count > 0
            """,
            self._policy_join(SQL("m.partner_id"), SQL("m.company_id")),
        )

    def _policy_join(self, partner, company):
        """``v``: the policy in force of the customer's segment, else that of all customers."""
        return SQL(
            """
            LEFT JOIN crm_segment_membership s ON s.partner_id = %(partner)s
                AND s.company_id = %(company)s AND s.segmentation_id = division.segmentation_id
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            JOIN LATERAL (
                SELECT c.contact_days, c.payment_term_id, c.response_hours,
                       s.segment_id AS segment_id
                FROM crm_service_policy c
                WHERE c.company_id = %(company)s AND c.state <> 'proposed'
                  AND (c.segment_id = s.segment_id OR c.segment_id IS NULL)
                ORDER BY c.segment_id NULLS LAST LIMIT 1) v ON TRUE
            """,
            partner=partner,
            company=company,
        )

    def action_open_document(self):
        """Open the lead or the customer.

        :return: action
        """
        self.ensure_one()
        record = self.lead_id or self.partner_id
        return {"type": "ir.actions.act_window", "res_model": record._name, "res_id": record.id,
                "views": [(False, "form")]}  # fmt: skip
