"""What happens to customers: sales, deals, moves, merges; by SQL where that is quicker."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tools import SQL

from ..models.touched import collect_touched
from .reference_model import World

NOTHING = "nothing"


class Facts:
    """Events of customers, and the facts as the reference model reads them.

    An event returns the names of the customers whose place in a ranking is decided anew,
    None for a run of everybody, or NOTHING where it makes no sense by then.
    """

    def _alive(self, *names):
        return all(name in self.partners for name in names)

    def _owner(self, name):
        return self.names[self.partners[name].commercial_partner_id.id]

    def _do_invoice(self, who, amount, ago):
        return self._document(who, amount, ago, refund=False)

    def _do_refund(self, who, amount, ago):
        return self._document(who, amount, ago, refund=True)

    def _document(self, who, amount, ago, refund):
        if not self._alive(who):
            return NOTHING
        self._insert_document(self.partners[who], amount, self.day - timedelta(ago), refund)
        return {self._owner(who)}

    def _insert_document(self, partner, amount, day, refund):
        """By SQL, as an import does; then what an import does about it."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_sales_history (source_id, company_id, partner_id, date, document,
                    position, is_refund, currency_id, amount_untaxed, amount_company)
                SELECT %(source)s, %(company)s, %(partner)s, %(day)s,
                       'D' || nextval('crm_sales_history_id_seq'), 1, %(refund)s, %(currency)s,
                       %(amount)s, %(amount)s RETURNING id
                """,
                source=self.source.id,
                company=self.company.id,
                partner=partner.id,
                day=day,
                refund=refund,
                currency=self.company.currency_id.id,
                amount=-amount if refund else amount,
            )
        )
        self.env["crm.segment.queue"]._push(partner.ids)

    def _do_days(self, days):
        self._set_day(self.day + timedelta(days))
        self.run_all()

    def _do_save(self, who, name, value):
        if not self._alive(who):
            return NOTHING
        self.partners[who][name] = self.industries.get(value) if name == "industry_id" else value
        return set()

    def _do_archive(self, who, active=False):
        if not self._alive(who):
            return NOTHING
        self.partners[who].active = active
        return {who, self._owner(who)}

    def _do_unarchive(self, who):
        return self._do_archive(who, active=True)

    def _do_move(self, who, where):
        if not self._alive(who) or where and not self._alive(where):
            return NOTHING
        before = self._owner(who)
        self.partners[who].parent_id = self.partners[where] if where else False
        return {who, before, self._owner(who)}

    def _do_create(self, who, city, industry):
        if self._alive(who):
            return NOTHING
        partner = self.env["res.partner"].create(
            {"name": who, "is_company": True, "ref": "SEQ", "city": city,
             "industry_id": self.industries.get(industry)}
        )  # fmt: skip
        self.partners[who] = partner
        self.names[partner.id] = who
        return {who}

    def _do_delete(self, who):
        if not self._alive(who):
            return NOTHING
        partner = self.partners[who].with_context(active_test=False)
        if partner.child_ids or self._has_facts(partner):
            return NOTHING
        owner = self._owner(who)
        partner.unlink()
        del self.partners[who]
        self.model.forget(who)
        return {owner} - {who}

    def _has_facts(self, partner):
        world = self._world()
        name = self.names[partner.id]
        return any(one[0] == name for one in (*world.documents, *world.leads))

    def _do_merge(self, src, dst):
        if not self._alive(src, dst):
            return NOTHING
        source, target = self.partners[src], self.partners[dst]
        related = source.parent_id == target or target.parent_id == source
        if related or not (source.active and target.active):
            return NOTHING
        days = self._days_covered(src, dst)
        owners = {self._owner(src), self._owner(dst)}  # a contact may become a customer by it
        self._merge(source, target)
        self.env.invalidate_all()
        del self.partners[src]
        self.merged.add(dst)
        self.model.merge(src, dst, self.day)
        self._check_days_kept(days, dst)
        return (owners | {dst, self._owner(dst)}) - {src}

    def _merge(self, source, target):
        """The host's wizard, which looks only at the tables that these histories fill."""
        Wizard = type(self.env["base.partner.merge.automatic.wizard"])
        tables = [
            ("res_partner", "parent_id"), ("res_partner", "commercial_partner_id"),
            ("crm_lead", "partner_id"), ("crm_sales_history", "partner_id"),
            ("crm_segment_membership", "partner_id"), ("crm_customer_metrics", "partner_id"),
            ("crm_segment_queue", "partner_id"),
        ]  # fmt: skip
        with (
            patch.object(Wizard, "_get_fk_on", lambda *_args: tables),
            patch.object(Wizard, "_update_reference_fields", lambda *_args: None),
        ):
            self._merge_by_wizard(source, target)

    def _merge_by_wizard(self, source, target):
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (source | target).ids, "dst_partner_id": target.id}
        ).action_merge()

    def _days_covered(self, *names):
        """Segment → days before today on which one of the customers was a member."""
        days = {}
        for one in self._stays():
            if one.partner in names and one.pin != "out":
                span = ((one.end or self.day) - one.start).days
                days.setdefault(one.segment, set()).update(
                    one.start + timedelta(n) for n in range(span)
                )
        return days

    def _check_days_kept(self, before, dst):
        after = self._days_covered(dst)
        for segment, days in before.items():
            self.assertFalse(days - after.get(segment, set()), f"days of {segment} lost in a merge")

    def _do_lead(self, who):
        if not self._alive(who):
            return NOTHING
        self._open_lead(self.partners[who])
        return set()

    def _do_won(self, who):
        return self._close_lead(who, "pending", "won")

    def _do_lost(self, who):
        return self._close_lead(who, "pending", "lost")

    def _do_reopen(self, who):
        return self._close_lead(who, "lost", "pending")

    def _close_lead(self, who, before, after):
        leads = self.env["crm.lead"].with_context(active_test=False)
        partner = self.partners.get(who, self.env["res.partner"])
        domain = [("partner_id", "=", partner.id), ("won_status", "=", before)]
        if not partner or not (lead := leads.search(domain, order="id", limit=1)):
            return NOTHING
        self._decide_lead(lead, after)
        return set()

    def _open_lead(self, partner):
        """By SQL, then what saving a lead does about its customer."""
        with collect_touched(self.env) as touched:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO crm_lead (name, type, active, partner_id, won_status)
                    VALUES ('Deal', 'opportunity', TRUE, %s, 'pending') RETURNING id
                    """,
                    partner.id,
                )
            )
            partner._touch_opportunities(touched)

    def _decide_lead(self, lead, status):
        with collect_touched(self.env) as touched:
            self.env.execute_query(
                SQL(
                    "UPDATE crm_lead SET won_status = %s, active = %s WHERE id = %s RETURNING id",
                    status,
                    status != "lost",
                    lead.id,
                )
            )
            lead.invalidate_recordset()
            lead.partner_id._touch_opportunities(touched)

    def _world(self):
        self.env.flush_all()
        ids = [partner.id for partner in self.partners.values()]
        partners = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.commercial_partner_id, p.city, i.name->>'en_US', p.active
                FROM res_partner p LEFT JOIN res_partner_industry i ON i.id = p.industry_id
                WHERE p.id = ANY(%s)
                """,
                ids,
            )
        )
        leads = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, CASE won_status WHEN 'pending' THEN
                       CASE WHEN active THEN 'open' ELSE 'shelved' END ELSE won_status END
                FROM crm_lead WHERE partner_id = ANY(%s)
                """,
                ids,
            )
        )
        return World(
            self.day,
            {self.names[one]: (self.names[owner], *rest) for one, owner, *rest in partners},
            [(self.names[one], day, int(amount), bought)
             for one, day, amount, bought in self._documents(ids)],
            [(self.names[one], state) for one, state in leads],
            [(self.names[one], *rest) for one, *rest in self._unpaid(ids)],
        )

    def _unpaid(self, ids):
        """Rows (partner id, due day, open amount) of invoices; the history has none."""
        return []

    def _documents(self, ids):
        """Rows (partner id, day, amount, whether it is a purchase)."""
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, date, amount_company, amount_company > 0 AND NOT is_refund
                FROM crm_sales_history WHERE partner_id = ANY(%s)
                """,
                ids,
            )
        )
