"""Removal effects from the credit rows: steps counted in SQL, solved in ``lib/markov.py``."""

from odoo import api, models
from odoo.tools import SQL

from ..lib.markov import Chain
from .crm_campaign_credit_sql import IN_ORDER


def _channel(alias):
    """SQL array that names the channel of a touch."""
    names = ("campaign_id", "medium_id", "source_id")
    return SQL("ARRAY[%s]", SQL(", ").join(SQL.identifier(alias, name) for name in names))


class CrmCampaignMarkov(models.Model):
    _inherit = "crm.campaign.markov"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild(self):
        """Solve the chain of each company again."""
        self.env.flush_all()
        # sudo: derived rows, for all companies whatever the user's
        for company in self.env["res.company"].sudo().search([]):
            self._rebuild_company(company)
        self.invalidate_model()

    def _rebuild_company(self, company):
        self._store(company, self._chain(company).result())

    def _chain(self, company):
        """Fill a chain with the paths to orders and, if they count, those that led to none."""
        chain = Chain(company.crm_roi_markov_order)
        for order in (True, False) if company.crm_roi_markov_null else (True,):
            steps = self._steps_sql(company) if order else self._null_steps_sql(company)
            for *before, channel, weight, ends, amount in self._counted(company, steps):
                # the furthest first; what lies before the start is not there
                remembered = tuple(tuple(one) for one in before if one)
                after = chain.move(remembered, tuple(channel), weight)
                if ends:
                    chain.end(after, *((ends, amount) if order else (0, 0, ends)))
        return chain

    def _counted(self, company, steps):
        """Rows of the channels before a step, its channel, how often, ends, and their amount."""
        before = [
            SQL("LAG(s.channel, %s) OVER w", number)
            for number in range(company.crm_roi_markov_order, 0, -1)
        ]
        aliases = [SQL.identifier(f"before{i}") for i in range(len(before))]
        return self.env.execute_query(
            SQL(
                """
                SELECT %(names)s, channel, COUNT(*), COUNT(*) FILTER (WHERE is_last),
                       COALESCE(SUM(amount) FILTER (WHERE is_last), 0)::float8
                FROM (
                    SELECT %(before)s, s.channel, s.is_last, s.amount FROM (%(steps)s) s
                    WINDOW w AS (PARTITION BY s.path ORDER BY s.place, s.touch)
                ) s
                GROUP BY %(names)s, channel
                """,
                names=SQL(", ").join(aliases),
                before=SQL(", ").join(
                    SQL("%s AS %s", lag, alias) for lag, alias in zip(before, aliases, strict=True)
                ),
                steps=steps,
            )
        )

    def _steps_sql(self, company):
        """SELECT of (path, place, touch, channel, is_last, amount): touches before purchases."""
        Credit = self.env["crm.campaign.credit"]
        return SQL(
            """
            SELECT d.key AS path, c.position AS place, c.touchpoint_id AS touch,
                   %(channel)s AS channel, c.position = c.touches AS is_last, d.amount
            FROM (%(documents)s) d JOIN crm_campaign_credit c
              ON COALESCE(c.order_id, 0) = COALESCE(d.order_id, 0)
             AND COALESCE(c.move_id, 0) = COALESCE(d.move_id, 0)
             AND COALESCE(c.history_key, '') = COALESCE(d.history_key, '')
            WHERE c.company_id = %(company)s AND c.touchpoint_id IS NOT NULL AND d.amount > 0
            """,
            channel=_channel("c"),
            documents=Credit._plain_documents_sql(company, None),
            company=company.id,
        )

    def _null_steps_sql(self, company):
        """The same of touches that no order followed, one path per customer."""
        Credit = self.env["crm.campaign.credit"]
        return SQL(
            """
            SELECT t.partner_id AS path, ROW_NUMBER() OVER w AS place, t.id AS touch,
                   %(channel)s AS channel, LEAD(t.id) OVER w IS NULL AS is_last, 0 AS amount
            FROM (%(touches)s) t
            WHERE NOT EXISTS (
                SELECT FROM crm_campaign_credit x
                WHERE x.touchpoint_id = t.id AND x.company_id = %(company)s)
            WINDOW w AS (PARTITION BY t.partner_id ORDER BY %(in_order)s)
            """,
            channel=_channel("t"),
            in_order=IN_ORDER,
            touches=Credit._touches_sql(company, None),
            company=company.id,
        )

    def _store(self, company, result):
        """Write the shares that differ, delete those of channels that are gone."""
        sums = [sum(credit[i] for credit in result.credits.values()) for i in (0, 1)]
        rows = [
            (*channel, result.effects[channel][0],
             *(credit[i] / sums[i] if sums[i] else 0 for i in (0, 1)))
            for channel, credit in result.credits.items()
        ]  # fmt: skip
        columns = list(zip(*rows, strict=True)) or [()] * 6
        self.env.execute_query(
            SQL(
                """
                WITH target AS (
                    SELECT * FROM unnest(%(c)s::int[], %(m)s::int[], %(s)s::int[],
                        %(effect)s::float8[], %(orders)s::float8[], %(amount)s::float8[])
                    AS t (campaign_id, medium_id, source_id, effect, share_orders, share_amount)
                ),
                gone AS (
                    DELETE FROM crm_campaign_markov x WHERE x.company_id = %(company)s
                    AND NOT EXISTS (
                        SELECT FROM target t
                        WHERE (t.campaign_id, t.medium_id, t.source_id)
                              IS NOT DISTINCT FROM (x.campaign_id, x.medium_id, x.source_id))
                )
                INSERT INTO crm_campaign_markov AS x (company_id, campaign_id, medium_id, source_id,
                                                     effect, share_orders, share_amount)
                SELECT %(company)s, t.* FROM target t
                ON CONFLICT (company_id, COALESCE(campaign_id, 0), COALESCE(medium_id, 0),
                             COALESCE(source_id, 0))
                DO UPDATE SET effect = EXCLUDED.effect, share_orders = EXCLUDED.share_orders,
                              share_amount = EXCLUDED.share_amount
                WHERE (x.effect, x.share_orders, x.share_amount)
                      IS DISTINCT FROM (EXCLUDED.effect, EXCLUDED.share_orders,
                                        EXCLUDED.share_amount)
                RETURNING id
                """,
                company=company.id,
                **{
                    name: list(column)
                    for name, column in zip(
                        ("c", "m", "s", "effect", "orders", "amount"), columns, strict=True
                    )
                },
            )
        )
