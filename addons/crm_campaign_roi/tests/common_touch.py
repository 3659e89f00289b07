"""What the tests of touchpoints and credit share: campaigns, touches, orders on given days."""

from datetime import datetime, time, timedelta

from odoo.addons.crm_segments.tests.common import SegmentsMixin
from odoo.fields import Command
from odoo.tests import TransactionCase

UTM = {"campaign": "campaign_id", "medium": "medium_id", "source": "source_id"}


class TouchMixin(SegmentsMixin):
    """Helpers; the class that uses it calls :meth:`set_up_touches` once."""

    @classmethod
    def set_up_touches(cls):
        """Two campaigns, a product, and nobody's touches."""
        if not hasattr(cls, "source"):  # a case of invoices has them already
            cls.set_up_segments()
        cls.touches = cls.env["crm.touchpoint"].sudo()
        cls.credits = cls.env["crm.campaign.credit"].sudo()
        cls.touches.with_context(touchpoints_rebuild=True).search(
            [("res_model", "=", False)]
        ).unlink()
        cls.spring, cls.autumn = cls.env["utm.campaign"].create(
            [{"title": "Spring"}, {"title": "Autumn"}]
        )
        cls.mail, cls.web = cls.env["utm.medium"].create([{"name": "Post"}, {"name": "Web"}])
        cls.product = cls.env["product.product"].create({"name": "Part", "taxes_id": False})

    @classmethod
    def moment(cls, days, hour=12):
        """Noon of the day ``days`` before today."""
        return datetime.combine(cls.today, time(hour)) - timedelta(days=days)

    @classmethod
    def touch(cls, partner, days, campaign=None, medium=None, kind="manual", **values):
        """A touch entered by hand."""
        return cls.touches.create(
            {
                "partner_id": partner.id,
                "date": cls.moment(days),
                "campaign_id": campaign and campaign.id,
                "medium_id": medium and medium.id,
                "kind_id": cls.env.ref(f"crm_campaign_roi.touchpoint_kind_{kind}").id,
                **values,
            }
        )

    @classmethod
    def order(cls, partner, days, amount=100, **values):
        """An order confirmed at noon of a day."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": amount})
                ],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = cls.moment(days)
        return order

    def credit_of(self, order):
        """The rows of an order, in the order of the touches."""
        return self.credits.search([("order_id", "=", order.id)], order="position")

    def derived(self, partner, kind=None):
        """The derived touches of a customer, oldest first."""
        domain = [("partner_id", "=", partner.id), ("res_model", "!=", False)]
        if kind:
            domain.append(("kind_id.code", "=", kind))
        return self.touches.search(domain, order="date, id")


class TouchCase(TouchMixin, TransactionCase):
    """Without accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_touches()
