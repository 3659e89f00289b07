"""From the matrix of moves to the customers and the causes, in the browser."""

from odoo.tests import HttpCase, tagged

from .common import SegmentsMixin


class MovementTourCase(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        tiers = {"Large": {"threshold": 1000}, "Small": {"threshold": 0}}
        cls.tiers = cls.segmentation(
            "tier", tiers, metric="revenue_12m", name="Tour movement", domain="[('id', '=', 0)]"
        )
        large, small = cls.tiers.segment_ids
        mover, other = cls.customer("Tour mover"), cls.customer("Tour other")
        cls.sale(mover, 40, 1500)
        for partner, before, after in ((mover, small, large), (other, large, small)):
            figures = (0, 1500) if partner == mover else (0, 0)
            for segment, ends, revenue in zip(
                (before, after), ((500, 40), (40, None)), figures, strict=True
            ):
                evidence = {"values": {"revenue_12m": revenue}}
                cls.stay(partner, segment, *ends, evidence=evidence)
        cls.env.flush_all()
        ids = [cls.source.id, mover.id, other.id]
        cls.cr.execute(
            "UPDATE crm_sales_source SET create_date = '2001-01-01' WHERE id = %s", ids[:1]
        )
        cls.cr.execute(
            "UPDATE res_partner SET create_date = '2001-01-01' WHERE id = ANY(%s)", [ids[1:]]
        )
        cls.env.invalidate_all()

    def tour(self, name):
        self.start_tour(f"/odoo/segments/{self.tiers.id}", name, login="admin")


@tagged("post_install", "-at_install")
class TestTourMovement(MovementTourCase):
    def test_movement(self):
        self.tour("crm_segments_movement")

    def test_movers(self):
        self.tour("crm_segments_movers")


@tagged("post_install", "-at_install")
class TestTourMovementPhone(MovementTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_movement_on_phone(self):
        self.tour("crm_segments_movement")
