"""Stays as moves: who joined, who left, to filter and count by."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmSegmentMembership(models.Model):
    """A stay that was computed for the past goes on in the live one: that is no move.

    Nor is the first day of a segmentation, when everybody is placed at once.
    """

    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    is_leading = fields.Boolean(
        "Of the Leading Segmentation",
        compute="_compute_moves",
        search="_search_is_leading",
        help="Belongs to the segmentation whose segments are the badges of the company's "
        "customers.",
    )
    is_join = fields.Boolean(
        "Joined",
        compute="_compute_moves",
        search="_search_is_join",
        help="The customer came into the segment on the first day of this stay.",
    )
    is_leave = fields.Boolean(
        "Left",
        compute="_compute_moves",
        search="_search_is_leave",
        help="The customer left the segment on the last day of this stay.",
    )

    def _compute_moves(self):
        for name in ("is_leading", "is_join", "is_leave"):
            found = self.search(Domain("id", "in", self.ids) & Domain(name, "=", True))
            for membership in self:
                membership[name] = membership in found

    def _search_is_leading(self, operator, value):
        if operator != "in":
            return NotImplemented
        leading = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("segmentation_id", "=", company._leading_segmentation().id)
            for company in self.env.companies
        )
        return leading if True in value else ~leading

    def _search_is_join(self, operator, value):
        return self._search_move(operator, value, "date_from", "date_to", self._first_days())

    def _search_is_leave(self, operator, value):
        return self._search_move(operator, value, "date_to", "date_from", [])

    def _first_days(self):
        """Where the history of a segmentation begins: list of (segmentation, company, day)."""
        return self.env.execute_query(
            SQL(
                """
                SELECT segmentation_id, company_id, MIN(date_from) FROM crm_segment_membership
                WHERE pinned IS DISTINCT FROM 'out' GROUP BY segmentation_id, company_id
                """
            )
        )

    def _search_move(self, operator, value, day, other, beginnings):
        """Stays on whose ``day`` none of the same segment ends or begins.

        :param str day: column with the day of the move
        :param str other: column of the neighbour to compare it with
        :param beginnings: (segmentation, company, day) of moves that are none
        """
        if operator != "in":
            return NotImplemented
        self.flush_model()
        # constants: the planner knows how many rows they leave
        first = SQL(", ").join(SQL("(%s, %s, %s)", *one) for one in beginnings)

        def to_sql(_model, alias, _query):
            stay = SQL.identifier(alias)
            return SQL(
                """
                (%(stay)s.%(day)s IS NOT NULL AND %(stay)s.pinned IS DISTINCT FROM 'out'
                 AND %(later)s AND NOT EXISTS (
                    SELECT FROM crm_segment_membership n
                    WHERE n.partner_id = %(stay)s.partner_id
                      AND n.segment_id = %(stay)s.segment_id
                      AND n.company_id = %(stay)s.company_id
                      AND n.%(other)s = %(stay)s.%(day)s AND n.id <> %(stay)s.id
                      AND n.pinned IS DISTINCT FROM 'out'))
                """,
                stay=stay,
                day=SQL.identifier(day),
                other=SQL.identifier(other),
                later=SQL(
                    "(%(s)s.segmentation_id, %(s)s.company_id, %(s)s.date_from) NOT IN (%(first)s)",
                    s=stay,
                    first=first,
                )
                if beginnings
                else SQL("TRUE"),
            )

        moves = Domain.custom(to_sql=to_sql)
        return moves if True in value else ~moves
