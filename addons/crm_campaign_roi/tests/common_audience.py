"""What the tests of audiences share: customers with addresses, and a window that is over."""

from odoo.addons.crm_segments.tests.common import make_sale

from .common_touch import TouchCase


class AudienceCase(TouchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audiences = cls.env["crm.campaign.audience"]
        cls.members = cls.env["crm.campaign.audience.member"]
        cls.mark = cls.env["res.partner.category"].create({"name": "Of the test"})
        cls.env.company.crm_roi_contact_cap = 0

    @classmethod
    def crowd(cls, number, name="Crowd", **values):
        """Customers with an address each."""
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"{name} {place}",
                    "is_company": True,
                    "email": f"{name.lower()}{place}@crowd.example",
                    "category_id": [(6, 0, cls.mark.ids)],
                    **values,
                }
                for place in range(number)
            ]
        )

    @classmethod
    def audience(cls, **values):
        """A draft on the customers of the test."""
        return cls.audiences.create(
            {
                "campaign_id": cls.spring.id,
                "domain": repr([("category_id", "in", cls.mark.ids)]),
                **values,
            }
        )

    @classmethod
    def drawn(cls, **values):
        audience = cls.audience(**values)
        audience.action_draw()
        return audience

    def arms(self, audience):
        """{customer: name of its arm}"""
        members = self.members.search([("audience_id", "=", audience.id)])
        return {one.partner_id: one.arm_id.name or None for one in members}

    def customers(self, audience, arm):
        """Customers of an arm, in a fixed order."""
        members = self.members.search([("arm_id", "=", arm.id)], order="partner_id")
        return members.partner_id

    def reasons(self, audience):
        """{customer name: reason} of those who are left out."""
        members = self.members.search([("audience_id", "=", audience.id), ("reason", "!=", False)])
        return {one.partner_id.name: one.reason for one in members}

    def sell(self, partners, days, amount=100):
        """One document of the sales history for each."""
        for partner in partners:
            make_sale(self.source, partner, self.ago(days), amount)

    def over(self, audience, days=40):
        """The audience was launched so many days ago."""
        audience._mark_launched()
        audience.launch_date = self.ago(days)
        return audience
