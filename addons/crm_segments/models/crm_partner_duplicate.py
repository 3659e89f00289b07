"""Groups of customers that are likely one and the same."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.misc import formatLang

from .metric_fields import ALL_FIGURES_GROUPS

#: the host's wizard merges no more at once, unless an administrator does
MERGED_AT_ONCE = 3


class CrmPartnerDuplicate(models.Model):
    """A group of likely duplicates among the customers of a company.

    Written by :meth:`_rebuild` only. A dismissed group is kept, so that it does not come
    back; one whose members have changed since is a new one.
    """

    _name = "crm.partner.duplicate"
    _description = "Likely Duplicate"
    _order = "state desc, sequence, id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(compute="_compute_name", search="_search_name")
    kind = fields.Selection(
        [("same", "Same key"), ("domain", "Mail domain of a company")],
        required=True,
        readonly=True,
        help="Same key: tax number, e-mail address or phone number. Mail domain: persons without "
        "a company whose address belongs to one.",
    )
    # ids of the members in order: what a dismissal holds for
    signature = fields.Char(required=True, readonly=True, export_string_translation=False)
    keys = fields.Char("Technical Keys", readonly=True, export_string_translation=False)
    keys_text = fields.Char("In Common", compute="_compute_keys_text")
    state = fields.Selection(
        [("open", "To look at"), ("dismissed", "Not a duplicate")],
        required=True,
        default="open",
        readonly=True,
    )
    sequence = fields.Integer(readonly=True, help="Place by the money of the group.")
    member_ids = fields.One2many("crm.partner.duplicate.member", "duplicate_id", "Customers")
    partner_count = fields.Integer("Number of Customers", readonly=True)
    document_count = fields.Integer("Documents", readonly=True)
    amount = fields.Monetary("Revenue", readonly=True, groups=ALL_FIGURES_GROUPS)
    amount_apart = fields.Monetary(
        "Apart from the Largest",
        readonly=True,
        groups=ALL_FIGURES_GROUPS,
        help="Revenue that the figures and segments of the largest of them miss.",
    )
    effect = fields.Char("What a Merge Would Do", compute="_compute_effect")

    _company_signature_uniq = models.UniqueIndex("(company_id, kind, signature)")

    @api.depends("member_ids.partner_id")
    def _compute_name(self):
        for group in self:
            group.name = group._main().display_name or self.env._("Likely duplicates")

    def _search_name(self, operator, value):
        return [("member_ids.partner_id", operator, value)]

    @api.depends("keys")
    @api.depends_context("lang")
    def _compute_keys_text(self):
        labels = {
            "vat": self.env._("Tax number"),
            "email": self.env._("E-mail"),
            "phone": self.env._("Phone"),
            "domain": self.env._("Mail domain"),
        }
        for group in self:
            names = (group.keys or "").split()
            group.keys_text = ", ".join(labels.get(name, name) for name in names)

    @api.depends("member_ids", "document_count")
    @api.depends_context("company", "uid", "lang")
    def _compute_effect(self):
        for group in self:
            segments = [
                frozenset(member.partner_id.segment_ids.ids) for member in group.member_ids
            ]
            params = {
                "count": len(segments),
                "documents": formatLang(self.env, group.document_count, digits=0),
            }
            if len(set(segments)) > 1:
                text = self.env._(
                    "%(count)s customers in different segments become one, judged by all "
                    "%(documents)s documents.",
                    **params,
                )
            else:
                text = self.env._(
                    "%(count)s customers become one with %(documents)s documents.", **params
                )
            group.effect = text

    def _main(self):
        """The member to keep: with most documents; of a mail domain the company."""
        members = self.member_ids.filtered(lambda one: one.partner_id.active) or self.member_ids
        return members.sorted(
            lambda one: (not (self.kind == "domain" and one.partner_id.is_company),
                         -one.document_count, one.partner_id.id)
        )[:1].partner_id  # fmt: skip

    @api.model
    def action_open(self):
        """Look for likely duplicates anew and open them, by money.

        :raises AccessError: for users who may neither manage segments nor merge contacts
        """
        if not self.has_access("read"):
            raise AccessError(self.env._("You may not see likely duplicates."))
        self.sudo()._rebuild(self.env.company)  # sudo: derived rows, written by nobody else
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_partner_duplicate_action"
        )
        return action | {"domain": [("company_id", "=", self.env.company.id)]}

    def action_merge(self):
        """Open the host's merge with these customers, the largest as the one to keep.

        :raises AccessError: for users who may not merge contacts
        """
        self.ensure_one()
        self._check_merger()
        main = self._main()
        others = self.member_ids.partner_id - main
        if not others:
            raise UserError(self.env._("Nothing is left to merge here."))
        if not self.env.is_admin():
            others = others[: MERGED_AT_ONCE - 1]
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set((main | others).ids)],
                "dst_partner_id": main.id,
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_merge")
        return action | {"res_id": wizard.id, "context": {"active_test": False}}

    def action_attach(self):
        """Make the persons contacts of the company whose mail domain they share."""
        self._check_merger()
        for group in self.filtered(lambda one: one.kind == "domain"):
            company = group._main()
            persons = group.member_ids.partner_id.filtered(lambda one: not one.is_company)
            persons.parent_id = company
        # sudo: derived rows; what was attached is no duplicate any more
        self.sudo().filtered(lambda one: one.kind == "domain").unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_dismiss(self):
        """These are different customers: don't list the group again."""
        self._check_judge()
        self.sudo().state = "dismissed"  # sudo: judged by whoever may, see above
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_reopen(self):
        """Take a dismissal back."""
        self._check_judge()
        self.sudo().state = "open"  # sudo: as for dismissing
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_merger(self):
        self.check_access("read")
        if not self.env["base.partner.merge.automatic.wizard"].has_access("create"):
            raise AccessError(
                self.env._("Merging contacts needs the right to create them (Contact Creation).")
            )

    def _check_judge(self):
        """Who manages segments or merges contacts says what is no duplicate."""
        self.check_access("read")
        if not self.env.user.has_groups(
            "crm_segments.group_segments_manager,base.group_partner_manager"
        ):
            raise AccessError(self.env._("You may not judge likely duplicates."))
