"""For other programs: where a customer would belong who doesn't exist yet."""

import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .hypothetical import Hypothetical
from .metric_fields import DEFINITION_GROUPS

_COMPUTED = {"id", "segment_ids", "leading_segment_id", "is_crm_customer"}


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def assign(self, values, company_id=None):
        """Segments that a customer with these values would get, such as a visitor of a shop.

        Nothing is written. A condition that the values don't decide gives no segment
        rather than a guess; see ``readme/API.md`` for what counts as decided.

        :param dict values: names of fields and figures of a customer → values; records
            by their ids, dates as ``YYYY-MM-DD``
        :param company_id: id of one of the user's companies, None for the current one
        :return: ids of segments, ordered as on the customer
        :raises AccessError: for users who may not see how segments are defined: by asking
            with one amount after the other, limits could be found out
        :raises UserError: if a name is unknown or a value doesn't fit its field
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_groups(DEFINITION_GROUPS)):
            raise AccessError(
                self.env._("Only users who may see how segments are defined can ask for them.")
            )
        company = self._asked_company(company_id)
        # sudo: the rules hold for everybody; what is asked about is no record
        segmentations = self.env["crm.segmentation"].sudo().search([("enabled", "=", True)])
        values = self._checked_values(values)
        segmentations = segmentations._applying_to(company)
        if not segmentations:
            return []
        segmentations = segmentations.with_env(segmentations[0]._rule_env(company))
        asked = Hypothetical(segmentations.env, values)
        if not asked.belongs_to(company):
            return []
        return [
            segment.id
            for segmentation in segmentations
            for segment, verdict in asked.verdicts(segmentation).items()
            if verdict
        ]

    def _asked_company(self, company_id):
        if company_id is None:
            return self.env.company
        known = isinstance(company_id, int) and not isinstance(company_id, bool)
        if not known or company_id not in self.env.user._get_company_ids() and not self.env.su:
            raise AccessError(self.env._("You have no access to company %s.", company_id))
        return self.env["res.company"].browse(company_id)

    def _checked_values(self, values):
        """The values, each as its field keeps it.

        :raises UserError: in words, for the program's author
        """
        if not isinstance(values, dict):
            raise UserError(self.env._("values maps names of fields to values."))
        known = self.env["res.partner"]._fields
        checked = {}
        for name, value in values.items():
            if name not in known or name in _COMPUTED:
                raise UserError(
                    self.env._("A customer has no field “%s” that values could give.", name)
                )
            check = getattr(self, f"_checked_{known[name].type}", None)
            if check is None:
                raise UserError(self.env._("Values of “%s” can't be given.", name))
            empty = value is None or value is False
            checked[name] = False if empty else check(known[name], value)
        return checked

    def _misfit(self, field, value, expected):
        return UserError(
            self.env._(
                "“%(value)s” doesn't fit “%(field)s”: %(expected)s is expected.",
                value=value,
                field=field.name,
                expected=expected,
            )
        )

    def _checked_float(self, field, value):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not math.isfinite(value):
            raise self._misfit(field, value, self.env._("a number"))
        return value

    _checked_monetary = _checked_float

    def _checked_integer(self, field, value):
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._misfit(field, value, self.env._("a whole number"))
        return value

    def _checked_char(self, field, value):
        if not isinstance(value, str):
            raise self._misfit(field, value, self.env._("a text"))
        return value

    _checked_text = _checked_html = _checked_char

    def _checked_boolean(self, field, value):
        if value is not True:
            raise self._misfit(field, value, self.env._("true or false"))
        return value

    def _checked_date(self, field, value):
        try:
            return fields.Date.to_date(value)
        except (TypeError, ValueError) as error:
            raise self._misfit(field, value, self.env._("a date like 2026-01-31")) from error

    def _checked_datetime(self, field, value):
        try:
            return fields.Datetime.to_datetime(value)
        except (TypeError, ValueError) as error:
            raise self._misfit(field, value, self.env._("a date like 2026-01-31")) from error

    def _checked_selection(self, field, value):
        if value not in dict(field.get_description(self.env, ["selection"])["selection"]):
            raise self._misfit(field, value, self.env._("one of its choices"))
        return value

    def _checked_many2one(self, field, value):
        return self._checked_ids(field, [value])[0]

    def _checked_many2many(self, field, value):
        if not isinstance(value, (list, tuple)):
            raise self._misfit(field, value, self.env._("a list of ids"))
        return self._checked_ids(field, value)

    def _checked_ids(self, field, ids):
        """Ids of records that exist; sudo, as whether a country exists is no secret."""
        known = all(isinstance(one, int) and not isinstance(one, bool) for one in ids)
        records = self.env[field.comodel_name].sudo().browse(ids if known else [])
        if not known or len(records.exists()) < len(set(ids)):
            raise self._misfit(field, ids, self.env._("the id of an existing record"))
        return list(ids)
