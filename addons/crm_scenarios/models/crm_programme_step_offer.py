"""Work as a quotation offers it."""

from odoo import models

from ..lib.programme_offer import by_role


class CrmProgrammeStep(models.Model):
    _inherit = "crm.programme.step"  # pylint: disable=consider-merging-classes-inherited

    def _offer_lines(self, order):
        """Work of the steps, one line a role and price of an hour.

        In the unit of the role's product where that is one of time, else a piece is an hour.
        """
        hour = self.env.ref("uom.product_uom_hour")
        work = by_role((step.role_id, step.hours, step.rate, step.name) for step in self)
        result = []
        for role, hours, rate, names in work:
            programme = self[:1].programme_id
            product = programme._offer_product(role.product_id, "product_programme_work")
            unit = product.uom_id
            times = unit.factor / hour.factor if unit._has_common_reference(hour) else 1.0
            who = role.name or self.env._("Work")
            result.append(
                programme._offer_values(
                    order, product, hours / times, rate * times, f"{who}: {', '.join(names)}"
                )
            )
        return result
