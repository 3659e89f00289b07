"""What the tests of the past share: month-ends, customers of old, stays of the past."""

from ..lib.month_ends import month_ends
from .common import SegmentsMixin


class PastMixin(SegmentsMixin):
    """Month-ends ``e1`` < ``e2`` < ``e3``, the last ones before today."""

    @classmethod
    def set_up_past(cls):
        cls.e1, cls.e2, cls.e3 = cls.ends = month_ends(cls.today, 3)

    @classmethod
    def old_customer(cls, name, **values):
        partner = cls.customer(name, **values)
        cls.env.flush_all()
        cls.cr.execute(
            "UPDATE res_partner SET create_date = '2001-01-01' WHERE id = %s", [partner.id]
        )
        return partner

    def played(self, segmentation, months=3):
        """Run, compute the past; the run of the past must have succeeded."""
        segmentation.run()
        runs = segmentation.backfill(months)
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))
        return runs.filtered(lambda run: run.company_id == self.env.company)

    def past(self, segmentation, partner):
        """Stays of the past, oldest first: (segment, from, to)."""
        rows = self.past_rows(segmentation, partner)
        return [(one.segment_id.name, one.date_from, one.date_to) for one in rows]

    def past_rows(self, segmentation, partner=None):
        domain = [("segmentation_id", "=", segmentation.id), ("origin", "=", "backfill")]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        rows = self.env["crm.segment.membership"].sudo()
        return rows.search(domain, order="date_from, id")
