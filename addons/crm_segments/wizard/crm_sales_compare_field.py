"""The leading source per field, and taking its values over."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import split_every
from odoo.tools.misc import formatLang

from ..models.crm_sales_conflict import COMPARED, selection_compared
from ..models.crm_sales_history_import_write import _QUIET

#: customers written by one click: each is a write of the host, with its checks
AT_ONCE = 2000
_BATCH = 200


class CrmSalesCompareField(models.TransientModel):
    """A field of the customers: which source leads, and what taking over would change."""

    _name = "crm.sales.compare.field"
    _description = "Leading Source of a Field, on the Page"
    _order = "id"
    _rec_name = "field"

    compare_id = fields.Many2one(
        "crm.sales.compare", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="compare_id.company_id")
    field = fields.Selection(
        lambda self: selection_compared(self.env), required=True, readonly=True
    )
    source_id = fields.Many2one(
        "crm.sales.source",
        "Leading Source",
        compute="_compute_source_id",
        inverse="_inverse_source_id",
        readonly=False,
        domain="[('company_id', '=', company_id)]",
        help="Empty: this database.",
    )
    missing_count = fields.Integer(
        "Would Be Filled",
        compute="_compute_counts",
        help="Customers without a value here for whom the leading source has one.",
    )
    differs_count = fields.Integer(
        "Would Be Replaced",
        compute="_compute_counts",
        help="Customers whose value here differs from that of the leading source.",
    )
    ambiguous_count = fields.Integer(
        "Told Twice",
        compute="_compute_counts",
        help="Customers of whom the source itself tells several values: left as they are.",
    )

    def _leading(self):
        """The stored choices of the companies of these lines."""
        return self.env["crm.sales.leading"].search([("company_id", "in", self.company_id.ids)])

    @api.depends("field", "company_id")
    def _compute_source_id(self):
        chosen = {(one.company_id, one.field): one.source_id for one in self._leading()}
        for line in self:
            line.source_id = chosen.get((line.company_id, line.field), False)

    def _inverse_source_id(self):
        Leading = self.env["crm.sales.leading"]
        stored = {(one.company_id, one.field): one for one in self._leading()}
        for line in self:
            known = stored.get((line.company_id, line.field), Leading)
            if not line.source_id:
                known.unlink()
            elif known:
                known.source_id = line.source_id
            else:
                Leading.create(
                    {
                        "company_id": line.company_id.id,
                        "field": line.field,
                        "source_id": line.source_id.id,
                    }
                )

    @api.depends("source_id")
    def _compute_counts(self):
        for line in self:
            values = line._values_told()
            single = [kinds for kinds in values.values() if len({one for one, _k in kinds}) == 1]
            line.missing_count = sum(kinds[0][1] == "missing" for kinds in single)
            line.differs_count = len(single) - line.missing_count
            line.ambiguous_count = len(values) - len(single)

    def _values_told(self):
        """Partner id → list of (value, kind) that the leading source tells otherwise."""
        if not self.source_id:
            return {}
        rows = self.env["crm.sales.conflict"].search_fetch(
            [
                ("company_id", "=", self.company_id.id),
                ("source_id", "=", self.source_id.id),
                ("other_source_id", "=", False),
                ("field", "=", self.field),
            ],
            ["partner_id", "value", "kind"],
        )
        found = {}
        for row in rows:
            found.setdefault(row.partner_id.id, []).append((row.value, row.kind))
        return found


class CrmSalesCompare(models.TransientModel):
    _inherit = "crm.sales.compare"  # pylint: disable=consider-merging-classes-inherited

    def action_take_over(self):
        """Write the values of the leading sources into the customers, where the user may.

        Fields led by this database are left alone, and so is a customer of whom the source
        tells two values. A value that the host refuses is left out and counted. At most
        ``AT_ONCE`` customers at a time.
        """
        self.ensure_one()
        led = self.field_ids.filtered("source_id")
        if not led:
            raise UserError(self.env._("Choose a leading source for at least one field first."))
        before = self._to_change()
        wanted, unknown = self._wanted_values(led)
        partners = self.env["res.partner"].browse(wanted)
        allowed = partners._filtered_access("write")
        chosen = allowed[:AT_ONCE]
        refused = sum(
            self._write_values(partners.browse(batch), wanted)
            for batch in split_every(_BATCH, chosen.ids)
        )
        self.env["crm.segment.queue"]._push(chosen.ids)
        self.env.flush_all()
        self.field_ids.invalidate_recordset(
            ["missing_count", "differs_count", "ambiguous_count"]
        )
        self.result = self.env._(
            "Values that differ or are missing: before %(before)s, now %(after)s. Customers "
            "without the right to change them: %(forbidden)s; with values that were refused: "
            "%(refused)s; with an unknown country or industry: %(unknown)s; left for "
            "the next time: %(left)s.",
            before=formatLang(self.env, before, digits=0),
            after=formatLang(self.env, self._to_change(), digits=0),
            forbidden=formatLang(self.env, len(partners - allowed), digits=0),
            refused=formatLang(self.env, refused, digits=0),
            unknown=formatLang(self.env, unknown, digits=0),
            left=formatLang(self.env, len(allowed - chosen), digits=0),
        )
        return True

    def _to_change(self):
        led = self.field_ids.filtered("source_id")
        return sum(led.mapped("missing_count")) + sum(led.mapped("differs_count"))

    def _wanted_values(self, led):
        """Partner id → values to write; and how many values name nothing that is known."""
        countries = self.env["crm.sales.history.import.engine"]._countries()
        industries = {
            one.name.lower(): one.id
            for lang in {"en_US", self.env.lang or "en_US"}
            for one in self.env["res.partner.industry"].with_context(lang=lang).search([])
        }
        known = {"country": countries, "industry": industries}
        wanted, unknown = {}, 0
        for line in led:
            name = COMPARED[line.field][1]
            for partner, told in line._values_told().items():
                if len({value for value, _kind in told}) > 1:
                    continue
                value = told[0][0]
                if line.field in known:
                    value = known[line.field].get(value.strip().lower())
                if value:
                    wanted.setdefault(partner, {})[name] = value
                else:
                    unknown += 1
        return wanted, unknown

    def _write_values(self, partners, wanted):
        """Write a batch; where the host refuses one of it, customer by customer.

        :return: number of customers whose values were refused
        """
        try:
            with self.env.cr.savepoint():
                self._write_each(partners, wanted)
            return 0
        except (UserError, ValidationError):
            if len(partners) == 1:
                return 1
        return sum(self._write_values(partner, wanted) for partner in partners)

    def _write_each(self, partners, wanted):
        quiet = {name: on for name, on in _QUIET.items() if name != "no_vat_validation"}
        for partner in partners.with_context(**quiet):
            partner.write(wanted[partner.id])
        self.env.flush_all()
