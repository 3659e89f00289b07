"""Why is a customer in a segment, and why not: the answer to both."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..lib import evidence
from .explain_case import Case


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def explain(self, partner_id, membership_id=None):
        """Why the customer is in this segment, or what is lacking.

        Verdicts of today come from the SQL that selects; those of the decision from the
        evidence kept with the membership. Amounts appear only for users who may see the
        figures of the customer.

        :param int partner_id: a customer; a contact stands for its commercial entity
        :param int membership_id: a stay whose decision is told, the current one by default
        :return: dict ``member`` (bool), ``since`` (date as text or False), ``origin`` (rule,
            manual, backfill or False), ``conditions`` (list of dicts text, passed, value,
            value_then and more), ``missing`` (list of texts), and further keys
        :raises UserError: if there is no such customer, or the rule can't be evaluated
        """
        self.ensure_one()
        self.check_access("read")
        case = self._explain_case(partner_id, membership_id)
        items, tree = self._explain_items(case)
        now = [item.passed for item in items]
        return {
            **self._explain_stay(case),
            **self._explain_names(case),
            "conditions": [item.as_dict() for item in items],
            "missing": self._explain_missing(case, items, tree),
            "sentence": self._explain_sentence(items, tree),
            "tree": evidence.annotate(tree, now, [item.then for item in items]),
            "fits_now": self._explain_fits(case),
            "rule_changed": self._rule_changed_since(case.evidence),
            "notes": self._explain_notes(case),
        }

    def _explain_case(self, partner_id, membership_id):
        partner = self._explained_partner(partner_id)
        company = self.env.company
        stay = self._explained_stay(partner, company, membership_id)
        rule = self.with_env(self.segmentation_id._rule_env(company))
        case = Case(
            partner=partner,
            rule=rule,
            company=company,
            visible=bool(partner.metrics_visible),
            stay=stay,
            evidence=stay.evidence or {},
            today=self.env["crm.segmentation"]._today(),
        )
        case.proposed = rule.segmentation_id._explain_target(company, partner.id)
        case.chosen = self._explain_chosen(case)
        return case

    def _explained_partner(self, partner_id):
        if isinstance(partner_id, bool) or not isinstance(partner_id, int):
            raise UserError(self.env._("“%s” is no id of a customer.", partner_id))
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise MissingError(self.env._("There is no customer with the id %s.", partner_id))
        partner.check_access("read")
        entity = partner.commercial_partner_id
        entity.check_access("read")
        return entity

    def _explained_stay(self, partner, company, membership_id):
        known = isinstance(membership_id, int) and not isinstance(membership_id, bool)
        if membership_id and not known:
            raise UserError(self.env._("“%s” is no id of a stay.", membership_id))
        domain = [("segment_id", "=", self.id), ("partner_id", "=", partner.id)]
        domain += [("id", "=", membership_id)] if membership_id else [
            ("company_id", "=", company.id), ("date_to", "=", False),
        ]  # fmt: skip
        return self.env["crm.segment.membership"].search(domain, limit=1)

    def _explain_stay(self, case):
        """The stored decision."""
        stay = case.stay
        member = bool(stay) and not stay.date_to and stay.pinned != "out"
        return {
            "member": member,
            "since": fields.Date.to_string(stay.date_from) if member or stay.date_to else False,
            # the last day: a stay ends on the day before ``date_to``
            "until": stay.date_to and fields.Date.to_string(stay.date_to - timedelta(days=1)),
            "origin": stay.origin or False,
            "stay": stay.id,
            "code": stay.code or False,
            "pinned": stay.pinned or False,
            "pin_reason": stay.pin_reason or False,
            # sudo: the name of a colleague who decided, whoever reads it
            "pin_user": stay.sudo().pin_user_id.name or False,
            "pin_until": fields.Date.to_string(stay.pin_until) if stay else False,
        }

    def _explain_names(self, case):
        return {
            "segment": self.name,
            "segmentation": self.segmentation_id.name,
            "method": self.method,
            "color": self.color,
            "customer": case.partner.display_name,
            "figures_visible": case.visible,
            "can_pin": case.partner._may_pin(),
        }

    def _explain_sentence(self, items, tree):
        """The rule in one sentence; that it is about customers goes without saying."""
        own = getattr(self, f"_explain_sentence_{self.method}", None)
        if own and not self.is_rest:
            return own()
        usual = [("leaf", at) for at, item in enumerate(items) if item.part == "population"
                 and item.condition.field_expr == "is_crm_customer"]  # fmt: skip
        if tree[0] == "and":
            tree = evidence.join("and", [child for child in tree[1] if child not in usual])
        elif tree in usual:
            tree = evidence.ALWAYS
        return evidence.sentence(tree, [item.text for item in items], self._explain_words())

    def _explain_words(self):
        return {
            "and": self.env._("and"),
            "or": self.env._("or"),
            "not": self.env._("not"),
            "always": self.env._("all customers"),
            "never": self.env._("nobody"),
        }

    def _explain_fits(self, case):
        """Whether the rule gives this segment today, before pins and minimum stay."""
        return self in case.chosen

    def _explain_chosen(self, case):
        """The segments that the rule gives today: the first one where only one can be."""
        found = self.browse(row[0] for row in case.proposed).sudo()  # sudo: order of segments
        found = found.sorted(lambda one: (one.sequence, one.id)).sudo(self.env.su)
        segmentation = self.segmentation_id
        if not found and segmentation._explain_in_population(case.company, case.partner.id):
            return segmentation._rest()
        return found[:1] if segmentation.exclusive else found

    def _rule_changed_since(self, kept):
        """Whether the rule of this segment differs from that of the decision.

        Versions are portable definitions; one made for another segment changes nothing here.

        :param dict kept: evidence of a membership
        """
        Version = self.env.get("crm.segmentation.version")
        if Version is None or not kept.get("version"):
            return False
        # sudo: whether something changed, not what
        then = Version.sudo().browse(kept["version"]).exists()
        current = self.segmentation_id.sudo()._current_version()
        if not then or not current or then == current:
            return False
        return self._own_definition(then) != self._own_definition(current)

    def _own_definition(self, version):
        """The part of a stored definition that decides who is in this segment.

        All of it where the segment can't be made out.
        """
        definition = version.definition or {}
        # sudo: the name may be in a language that the user doesn't read
        name = self.sudo().with_context(lang="en_US").name
        own = [
            one
            for one in definition.get("segments") or []
            if isinstance(one, dict) and (one.get("id") == self.id or one.get("name") == name)
        ]
        if len(own) != 1:
            return definition
        shown = {"id", "name", "color", "description", "sequence", "segments"}
        return [
            {key: value for key, value in part.items() if key not in shown}
            for part in (definition, own[0])
        ]
