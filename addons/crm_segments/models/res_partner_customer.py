"""Which partners are customers, and what happens when one is saved."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .past import past_of
from .touched import collect_touched

#: figures of a customer that opportunities change
_OPPORTUNITY_FIGURES = {"opportunity_open_count", "won_count", "lost_count", "win_rate"}
#: fields of a customer that are its leads themselves
_OPPORTUNITIES = {"opportunity_ids", "opportunity_count"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_crm_customer = fields.Boolean(
        "Is a Customer",
        compute="_compute_is_crm_customer",
        search="_search_is_crm_customer",
        help="A commercial entity that is neither one of this database's own companies, "
        "nor one of its internal users, nor only a supplier.",
    )
    segment_membership_count = fields.Integer(
        "Number of Segments",
        compute="_compute_segment_membership_count",
        groups="crm_segments.group_segments_user",
    )

    @api.depends("commercial_partner_id")
    def _compute_is_crm_customer(self):
        found = self.with_context(active_test=False).search(
            Domain("id", "in", self._origin.ids) & Domain("is_crm_customer", "=", True)
        )
        for partner in self:
            partner.is_crm_customer = partner._origin in found

    def _search_is_crm_customer(self, operator, value):
        if operator != "in":
            return NotImplemented
        customer = Domain.custom(to_sql=type(self)._is_crm_customer_sql)
        return customer if True in value else ~customer

    def _is_crm_customer_sql(self, alias, query):
        """Commercial entities without own companies, internal users, pure suppliers.

        A pure supplier has a supplier rank and neither a customer rank, nor
        sales in any company, nor a lead or an order of its own.
        """
        return SQL(
            """(%(id)s = %(entity)s
            AND %(id)s NOT IN (SELECT partner_id FROM res_company)
            AND %(id)s NOT IN (SELECT partner_id FROM res_users WHERE NOT share)
            AND (COALESCE(%(supplier)s, 0) = 0 OR COALESCE(%(customer)s, 0) > 0
                 OR EXISTS (SELECT FROM crm_customer_metrics m WHERE m.partner_id = %(id)s
                            AND m.purchase_total + m.refund_total > 0)
                 OR EXISTS (SELECT FROM res_partner c JOIN crm_lead l ON l.partner_id = c.id
                            WHERE c.commercial_partner_id = %(id)s)
                 OR EXISTS (SELECT FROM res_partner c JOIN sale_order o ON o.partner_id = c.id
                            WHERE c.commercial_partner_id = %(id)s AND o.state = 'sale')))
            """,
            id=SQL.identifier(alias, "id"),
            entity=self._field_to_sql(alias, "commercial_partner_id", query),
            supplier=self._field_to_sql(alias, "supplier_rank", query),
            customer=self._field_to_sql(alias, "customer_rank", query),
        )

    @api.model
    def _company_customers_domain(self, company):
        """Commercial entities that ``company`` may deal with.

        Archived ones are left out, and those that the company leaves out of segments.
        """
        entity = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = %s",
                SQL.identifier(alias, "id"),
                model._field_to_sql(alias, "commercial_partner_id", query),
            )
        )
        excluded = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "NOT %s",
                model.env["crm.segment.exclusion"]._excluded_sql(
                    SQL.identifier(alias, "id"), company
                ),
            )
        )
        shared = Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.id)
        known = self._known_by_domain(company)
        return entity & shared & Domain("active", "=", True) & excluded & known

    @api.model
    def _known_by_domain(self, company):
        """In the past: who was entered by that day, or had done business with ``company``."""
        past = past_of(self.env)
        if not past:
            return Domain.TRUE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                (%(created)s < %(day)s::date + 1 OR %(id)s IN (
                    SELECT partner_id FROM crm_customer_metrics
                    WHERE company_id = %(company)s AND purchase_total + refund_total > 0))
                """,
                created=SQL.identifier(alias, "create_date"),
                day=past.day,
                id=SQL.identifier(alias, "id"),
                company=company.id,
            )
        )

    def _compute_segment_membership_count(self):
        for partner in self:
            partner.segment_membership_count = len(partner.segment_ids)

    @api.model
    def load(self, fields, data):
        """What a file changes is placed together: the host writes the records one by one."""
        with collect_touched(self.env):
            return super().load(fields, data)

    @api.model_create_multi
    def create(self, vals_list):
        """Place new customers in their segments before the form is read back."""
        with collect_touched(self.env) as touched:
            partners = super().create(vals_list)
            touched.add(partners.ids)
        return partners

    def write(self, vals):
        """Place changed customers again, if a segmentation reads what changed."""
        with collect_touched(self.env) as touched:
            moved = {"parent_id", "is_company"} & vals.keys()
            entities = self.commercial_partner_id.ids if moved else []
            res = super().write(vals)
            if moved:
                # documents follow the contact to its new commercial entity
                touched.add(self.ids + entities, figures=True)
            elif self.env["crm.segmentation"]._reads_partner_fields(vals):
                # rules read contacts and branches, too
                touched.add((self | self.parent_id).ids, names=vals.keys())
        return res

    def unlink(self):
        """A deleted contact leaves its customer, whose rules may have read it."""
        with collect_touched(self.env) as touched:
            if self.env["crm.segmentation"]._reads_partner_fields({"child_ids"}):
                touched.add((self.parent_id - self).ids, names={"child_ids"})
            return super().unlink()

    def _touch_opportunities(self, touched):
        """Note customers whose opportunities changed; a supplier may become a customer by one."""
        entities = self.sudo().commercial_partner_id  # sudo: whoever saves the lead
        supplier = any(one.supplier_rank and not one.customer_rank for one in entities)
        names = None if supplier else _OPPORTUNITY_FIGURES | _OPPORTUNITIES
        touched.add(self.ids, figures=True, names=names)

    def _touch_by_leads(self, touched):
        """Note customers whose leads changed in what rules read of them, but in no figure."""
        touched.add(self.ids, names=_OPPORTUNITIES)

    def action_view_segments(self):
        """Open the customer's memberships, past ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_membership_action_customer"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
