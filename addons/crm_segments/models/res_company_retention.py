"""For how long what is known of former stays is kept."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_segments_keep_evidence = fields.Integer(
        "Days to Keep Reasons",
        help="The reasons of a stay in a segment, with the customer's figures of that time, are "
        "deleted so many days after it ended. 0: never.",
    )
    crm_segments_keep_stays = fields.Integer(
        "Days to Keep Former Stays",
        help="Stays in a segment are deleted so many days after they ended, those computed for "
        "the past too. 0: never.",
    )

    _crm_segments_keep_positive = models.Constraint(
        "CHECK (crm_segments_keep_evidence >= 0 AND crm_segments_keep_stays >= 0)",
        "The number of days can't be negative.",
    )
