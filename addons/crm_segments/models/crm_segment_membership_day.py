"""Who was where on a day: what every report of the past starts from."""

from odoo import models
from odoo.tools import SQL


class CrmSegmentMembership(models.Model):
    _inherit = "crm.segment.membership"  # pylint: disable=consider-merging-classes-inherited

    def _members_on_sql(self, segmentations, companies, day):
        """SELECT of the stays that a day lies in; a pin out is no stay.

        Columns: ``membership_id``, ``company_id``, ``partner_id``, ``segmentation_id``,
        ``segment_id``, ``code``. Rows of all origins: computed for the past and live ones
        follow each other without a gap and never overlap.

        :param segmentations: crm.segmentation records
        :param companies: res.company records
        :param day: date, or SQL of one
        :return: SQL; flush ``crm.segment.membership`` first
        """
        return SQL(
            """
            SELECT m.id AS membership_id, m.company_id, m.partner_id, m.segmentation_id,
                   m.segment_id, m.code
            FROM crm_segment_membership m
            WHERE m.segmentation_id = ANY(%(segmentations)s) AND m.company_id = ANY(%(companies)s)
              AND m.date_from <= %(day)s AND (m.date_to IS NULL OR m.date_to > %(day)s)
              AND m.pinned IS DISTINCT FROM 'out'
            """,
            segmentations=segmentations.ids,
            companies=companies.ids,
            day=day,
        )

    def _stays_on_two_sql(self, segmentation, company, first, second):
        """SELECT of the stays that one of two days lies in, all columns, by one pass.

        With ``on_first`` and ``on_second``; otherwise as :meth:`_members_on_sql`.

        :return: SQL
        """
        on = {
            name: SQL("(m.date_from <= %(day)s AND (m.date_to IS NULL OR m.date_to > %(day)s))",
                      day=day)
            for name, day in (("first", first), ("second", second))
        }  # fmt: skip
        return SQL(
            """
            SELECT m.*, %(first)s AS on_first, %(second)s AS on_second
            FROM crm_segment_membership m
            WHERE m.segmentation_id = %(segmentation)s AND m.company_id = %(company)s
              AND m.pinned IS DISTINCT FROM 'out' AND (%(first)s OR %(second)s)
            """,
            segmentation=segmentation.id,
            company=company.id,
            **on,
        )
