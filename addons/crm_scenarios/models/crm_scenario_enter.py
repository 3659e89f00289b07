"""Letting customers in: one statement for any number of them."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .crm_scenario_run import OPEN

#: so many runs that a person starts don't wait for the cron
AT_ONCE = 20


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    def _enter(self, company, targets, origin):
        """Insert runs that wait for the cron; whoever is in already doesn't enter twice.

        :param company: res.company record
        :param SQL targets: SELECT of (partner_id, lead_id, order_id, segment_id), all but the
            first or second may be NULL
        :param str origin: ``trigger`` or ``hand``
        :return: number of runs
        """
        self.ensure_one()
        if self.company_id and self.company_id not in company.sudo().parent_ids:
            return 0
        self.env["crm.scenario.run"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_scenario_run
                    (scenario_id, company_id, partner_id, lead_id, order_id, segment_id, state,
                     origin, date_start, date_next, position, create_uid, create_date, write_uid,
                     write_date)
                SELECT %(scenario)s, %(company)s, t.partner_id, t.lead_id, t.order_id,
                       t.segment_id, 'entering', %(origin)s, %(today)s, %(today)s, 0, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM (%(targets)s) t (partner_id, lead_id, order_id, segment_id)
                LEFT JOIN res_partner p ON p.id = t.partner_id
                WHERE p.active IS NOT FALSE AND COALESCE(t.partner_id, t.lead_id) IS NOT NULL
                  AND NOT EXISTS (
                    SELECT 1 FROM crm_scenario_run r
                    WHERE r.scenario_id = %(scenario)s AND r.company_id = %(company)s
                      AND %(same)s AND %(blocks)s)
                ON CONFLICT DO NOTHING RETURNING id
                """,
                scenario=self.id,
                company=company.id,
                origin=origin,
                today=self.env["crm.segmentation"]._today(),
                uid=self.env.uid,
                targets=targets,
                same=SQL(
                    "r.lead_id = t.lead_id" if self.applies_to == "crm.lead"
                    else "r.partner_id = t.partner_id AND r.lead_id IS NULL"
                ),
                blocks=self._blocks_sql(),
            )
        )  # fmt: skip
        self.env["crm.scenario.run"].invalidate_model()
        self.invalidate_recordset(["run_ids", "run_count"])
        if rows:
            self._wake()
        return len(rows)

    def _blocks_sql(self):
        """Condition on a run ``r`` of the same customer that keeps it from entering again."""
        is_open = SQL("r.state IN %s", OPEN)
        if self.reentry == "never":
            return SQL("TRUE")
        if self.reentry == "after":
            today = self.env["crm.segmentation"]._today()
            recent = SQL("r.date_end > %s::date - %s", today, self.reentry_days)
            return SQL("(%s OR %s)", is_open, recent)
        return is_open

    def _partners_sql(self, ids):
        """SELECT of targets for some customers, each by its own leading segment later."""
        return SQL(
            "SELECT DISTINCT p.commercial_partner_id, NULL::int, NULL::int, NULL::int"
            " FROM res_partner p WHERE p.id = ANY(%s)",
            list(ids),
        )

    def _leads_sql(self, ids):
        return SQL(
            """
            SELECT p.commercial_partner_id, l.id, NULL::int, NULL::int
            FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
            WHERE l.id = ANY(%s) AND l.active
            """,
            list(ids),
        )

    def _members_sql(self, company):
        """SELECT of targets: all who are in the segments now, or all customers."""
        if not self.segment_ids:
            query = self.env["res.partner"].with_company(company)._search(
                [("is_crm_customer", "=", True)], bypass_access=True
            )
            null = SQL("NULL::int")
            return query.select(SQL("res_partner.commercial_partner_id"), null, null, null)
        return SQL(
            """
            SELECT DISTINCT ON (m.partner_id) m.partner_id, NULL::int, NULL::int, m.segment_id
            FROM crm_segment_membership m
            WHERE m.company_id = %s AND m.segment_id = ANY(%s) AND m.date_to IS NULL
              AND m.pinned IS DISTINCT FROM 'out'
            ORDER BY m.partner_id, m.segment_id
            """,
            company.id,
            self.segment_ids.ids,
        )

    def action_enter(self):
        """Let in whoever is in the segments now; the cron does the steps.

        Drawn like all others: a part is held out, if the scenario says so.

        :return: number of customers
        :raises UserError: for a scenario of leads
        """
        self.ensure_one()
        self.check_access("write")
        if self.applies_to != "res.partner":
            raise UserError(self.env._("Start a scenario of leads from the list of leads."))
        self.env["crm.segment.membership"].flush_model()
        # sudo: a scenario is for the customers of all salespeople
        return self.sudo()._enter(self.env.company, self._members_sql(self.env.company), "trigger")

    def action_enter_now(self):
        """The button: let in, and say how many."""
        if self.state != "running":
            raise UserError(self.env._("Start the scenario first."))
        count = self.action_enter()
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "message": self._entered_text(count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }  # fmt: skip

    def _entered_text(self, count):
        if not count:
            return self.env._("Nobody new: whoever fits is in already, or was.")
        return self.env._("%s customers enter; the steps follow in the background.", count)

    def enter_by_hand(self, record_ids):
        """Start the scenario for customers or leads chosen by a person.

        Who is chosen by hand gets it for certain, and isn't compared with the hold-out.

        :param list record_ids: ids of what the scenario applies to, customers or leads
        :return: number of runs; 0 if all of them are in already
        :raises AccessError: if the user may not change one of the records
        :raises UserError: if the scenario is no running one
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        if not (self.env.su or user.has_groups(
            "sales_team.group_sale_salesman,crm_segments.group_segments_manager")):  # fmt: skip
            raise AccessError(self.env._("Only salespeople and managers of segments do this."))
        if self.state != "running":
            raise UserError(self.env._("“%s” is not running.", self.name))
        records = self.env[self.applies_to].browse(record_ids).exists()
        records.check_access("write")
        self.env.flush_all()
        targets = self._leads_sql if self.applies_to == "crm.lead" else self._partners_sql
        # sudo: runs are written by such methods only
        return self.sudo()._enter(self.env.company, targets(records.ids), "hand")

    def _begin_by_hand(self, record_ids):
        """Do at once what is due, for the few that a person has chosen."""
        if len(record_ids) > AT_ONCE:
            return
        name = "lead_id" if self.applies_to == "crm.lead" else "partner_id"
        ids = set(record_ids)
        if name == "partner_id":
            ids = set(self.env["res.partner"].browse(record_ids).commercial_partner_id.ids)
        # sudo: as in enter_by_hand
        runs = self.env["crm.scenario.run"].sudo().search(
            [("scenario_id", "=", self.id), ("state", "=", "entering"), ("origin", "=", "hand"),
             (name, "in", list(ids)), ("company_id", "=", self.env.company.id)]
        )  # fmt: skip
        runs._begin()._take_steps()


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _memberships_changed(self, joined, left):
        """Whoever joins the segment of a running scenario enters it."""
        super()._memberships_changed(joined, left)
        if not joined:
            return
        # sudo: a scenario holds for everybody who moves a customer
        scenarios = self.env["crm.scenario"].sudo().search(
            [("state", "=", "running"), ("trigger", "=", "segment"),
             ("segment_ids", "in", list({segment_id for _partner, segment_id in joined}))]
        )  # fmt: skip
        for scenario in scenarios:
            ids = set(scenario.segment_ids.ids)
            pairs = [pair for pair in joined if pair[1] in ids]
            scenario._enter(self.env.company, _pairs_sql(pairs), "trigger")


def _pairs_sql(pairs):
    return SQL(
        """
        SELECT DISTINCT ON (j.partner_id) j.partner_id, NULL::int, NULL::int, j.segment_id
        FROM unnest(%s::int[], %s::int[]) AS j(partner_id, segment_id) ORDER BY j.partner_id
        """,
        [partner_id for partner_id, _segment in pairs],
        [segment_id for _partner, segment_id in pairs],
    )
