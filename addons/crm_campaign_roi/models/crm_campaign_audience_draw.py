"""The draw: once, at random, with the seed kept; and its audit."""

import secrets

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import audience_plan
from .crm_campaign_audience import NOTED


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    def action_draw(self):
        """Draw who gets what, and freeze it.

        :raises UserError: if it is drawn already, or nobody would get it
        """
        self.check_access("write")
        for one in self:
            one._draw_with(secrets.token_hex(8))

    def _draw_with(self, seed):
        """Draw with a given seed; nobody from outside may choose it."""
        self._check_is_draft()
        self.with_context(**NOTED)._draw(seed)

    def _draw(self, seed):
        customers, plan = self._plan()
        if not plan.strata:
            raise UserError(self.env._("Nobody would get it: there is nothing to draw."))
        if not self._treatments():
            raise UserError(self.env._("Name at least one treatment."))
        figures = self._figures(customers, plan)
        share = self._planned_share(len(plan.strata), {"rate": figures["baseline_rate"]})
        weights = self._treatments().mapped("weight")
        strata = {unit: audience_plan.stratum_text(one) for unit, one in plan.strata.items()}
        drawn = audience_plan.draw(strata, share, weights, seed)
        self.write(
            {
                **figures,
                "state": "drawn",
                "seed": seed,
                "drawn_date": fields.Datetime.now(),
                "drawn_share": share,
                "cap": self.company_id.sudo().crm_roi_contact_cap,  # sudo: settings, noted down
                "consent": self._consent_text(),
            }
        )
        self._store(customers, plan, drawn, self._arms(share))

    def _consent_text(self):
        """The basis on which people are addressed, as it was at the draw."""
        company = self.company_id.sudo()  # sudo: a setting, noted down
        names = dict(company._fields["crm_roi_consent"]._description_selection(self.env))
        which = {
            "category": company.crm_roi_consent_category_id.name,
            "list": ", ".join(company.crm_roi_consent_list_ids.mapped("name")),
        }.get(company.crm_roi_consent)
        text = names[company.crm_roi_consent]
        return f"{text} ({which})" if which else text

    def _arms(self, share):
        """Arms in the order of the draw: the hold-out first."""
        control = self.arm_ids.filtered("is_control")
        if share and not control:
            control = control.create(
                {"audience_id": self.id, "name": self.env._("Hold-out"), "is_control": True}
            )
        return [control, *self._treatments()]

    def _store(self, customers, plan, drawn, arms):
        """Write who is in which arm, and who is left out why."""
        members = [self._member_row(one, plan, drawn, arms) for one in customers]
        names = ("partner_id", "arm_id", "unit", "reason", "segment_id", "tier", "stratum",
                 "revenue", "contacts_30d")  # fmt: skip
        types = ("int", "int", "int", "varchar", "int", "int", "varchar", "numeric", "int")
        self._insert("crm_campaign_audience_member", names, types, members,
                     SQL("%s AS audience_id", self.id))  # fmt: skip
        recipients = [
            (arms[drawn[plan.units[customer]]].id, contact, customer)
            for customer, contacts in plan.recipients.items()
            for contact in contacts
        ]
        names = ("arm_id", "partner_id", "customer_id")
        self._insert("crm_campaign_audience_recipient", names, ("int",) * 3, recipients)
        self._count_arms()

    def _member_row(self, one, plan, drawn, arms):
        """What is stored of a customer: its arm and what it was drawn within, or why not."""
        unit = plan.units.get(one.id)
        stratum = plan.strata.get(unit)
        return (
            one.id,
            arms[drawn[unit]].id if stratum else None,
            unit,
            plan.left_out.get(one.id),
            one.segment or None,
            stratum[1] if stratum else None,
            audience_plan.stratum_text(stratum) if stratum else None,
            one.revenue,
            one.contacts,
        )

    def _insert(self, table, names, types, rows, *constant):
        """INSERT rows from arrays; nobody else writes these tables."""
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        arrays = SQL(", ").join(
            SQL("%s::%s[]", list(values), SQL(kind))
            for values, kind in zip(columns, types, strict=True)
        )
        fixed = SQL("".join(", audience_id" for _one in constant))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s%s) SELECT u.*%s FROM unnest(%s) u",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                fixed,
                SQL("").join(SQL(", %s", one) for one in constant),
                arrays,
            )
        )

    def _count_arms(self):
        """Customers (as they were drawn: together or alone) and contacts of each arm."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id,
                       (SELECT COUNT(DISTINCT m.unit) FROM crm_campaign_audience_member m
                        WHERE m.arm_id = a.id),
                       (SELECT COUNT(*) FROM crm_campaign_audience_recipient r
                        WHERE r.arm_id = a.id)
                FROM crm_campaign_audience_arm a WHERE a.audience_id = %s
                """,
                self.id,
            )
        )
        self.env.invalidate_all()
        for arm_id, customers, contacts in rows:
            arm = self.env["crm.campaign.audience.arm"].browse(arm_id)
            arm.write({"customer_count": customers, "contact_count": contacts})

    def audit(self):
        """Repeat the draw from the seed and what is stored, and compare.

        :return: dict of ``customers`` (how many were drawn), ``differ`` (numbers of those whose
            arm isn't the one that the seed gives), ``missing`` (how many are no more, such as
            merged customers; the draw can't be repeated without them, so none differ then)
        """
        self.ensure_one()
        self.check_access("read")
        self.env["crm.campaign.audience.member"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT unit, stratum, arm_id FROM crm_campaign_audience_member
                WHERE audience_id = %s AND arm_id IS NOT NULL
                """,
                self.id,
            )
        )
        strata = dict(sorted((unit, stratum) for unit, stratum, _arm in rows))
        found = {"customers": len(strata), "differ": [], "missing": 0}
        if len(strata) < self.customer_count:
            return {**found, "missing": self.customer_count - len(strata)}
        weights = self._treatments().mapped("weight")
        drawn = audience_plan.draw(strata, self.drawn_share, weights, self.seed)
        arms = [self.arm_ids.filtered("is_control"), *self._treatments()]
        differ = {unit for unit, _stratum, arm in rows if arms[drawn[unit]].id != arm}
        return {**found, "differ": sorted(differ)}

    def action_audit(self):
        """Tell whether the seed gives the same draw again."""
        found = self.audit()
        text = self.env._("The seed gives the same arm for all %s customers.", found["customers"])
        if found["missing"]:
            text = self.env._(
                "%s customers were merged since: the draw can't be repeated without them.",
                found["missing"],
            )
        if found["differ"]:
            text = self.env._(
                "%(differ)s of %(customers)s customers are not in the arm that the seed gives.",
                differ=len(found["differ"]),
                customers=found["customers"],
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": text,
                "type": "warning" if found["differ"] or found["missing"] else "success",
            },
        }

    def action_open_members(self):
        """The customers of a drawn audience, with their arm or why they are left out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.campaign.audience.member",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("audience_id", "=", self.id)],
            "context": {"create": False},
        }

    def action_open_held_back(self):
        """Whom the cap on contacts holds back."""
        self.ensure_one()
        action = self.action_open_members()
        if self.state == "draft":
            self.check_access("read")
            _customers, plan = self._plan()
            held = [one for one, reason in plan.left_out.items() if reason == "cap"]
            return {
                **action,
                "res_model": "res.partner",
                "views": [(False, "list"), (False, "form")],
                "domain": [("id", "in", held)],
            }
        return {**action, "domain": [*action["domain"], ("reason", "=", "cap")]}
