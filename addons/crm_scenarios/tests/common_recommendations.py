"""What the tests of recommendations share: products, who bought what when, learning."""

from odoo.addons.crm_segments.tests.common import SegmentsCase, SegmentsMixin


class RecommendationsMixin(SegmentsMixin):
    """Helpers; the class that uses it calls :meth:`set_up_recommendations` once."""

    @classmethod
    def set_up_recommendations(cls):
        """Thirty customers: 12 bought Anchor, 8 of them Friend too, 3 of the others Friend."""
        cls.anchor, cls.friend, cls.other = (
            cls.make_product(name, price)
            for name, price in (("Anchor", 10), ("Friend", 20), ("Other", 5))
        )
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"Buyer {number}", "is_company": True} for number in range(30)]
        )
        for number, partner in enumerate(cls.crowd):
            if number < 12:
                cls.bought(partner, cls.anchor, 100 - number, 4)
            if number < 8 or 12 <= number < 15:
                cls.bought(partner, cls.friend, 80 - number, 6)
            cls.bought(partner, cls.other, 60 - number, 2)
        cls.learner = cls.env["crm.recommendation.model"].sudo()

    @classmethod
    def make_product(cls, name, price=10, **values):
        """A product that can be sold."""
        return cls.env["product.product"].create(
            {"name": name, "list_price": price, "type": "consu", "taxes_id": False, **values}
        )

    @classmethod
    def bought(cls, partner, product, day, quantity=1, **values):
        """A line of the sales history.

        :param day: number of days before today
        """
        history = cls.env["crm.sales.history"].sudo()
        number = history.search_count([("source_id", "=", cls.source.id)])
        return history.create(
            {
                "source_id": cls.source.id,
                "company_id": cls.source.company_id.id,
                "partner_id": partner.id,
                "date": cls.ago(day),
                "document": f"P{partner.id}/{number}",
                "position": 1,
                "product_id": product.id,
                "quantity": quantity,
                "currency_id": cls.source.currency_id.id,
                "amount_untaxed": 10 * quantity,
                "amount_company": 10 * quantity,
                **values,
            }
        )

    @classmethod
    def learn(cls):
        """Rebuild what is learnt of the company; return the model of all customers."""
        return cls.learner._rebuild(cls.env.company)

    def recommend(self, record, limit=10, user=None):
        """The lists for a customer, lead or quotation."""
        service = self.env["crm.recommendation"]
        if user:
            self.env.flush_all()
            self.env.invalidate_all()
            service = service.with_user(user)
        key = {"res.partner": "partner_id", "crm.lead": "lead_id", "sale.order": "order_id"}
        return service.recommend(**{key[record._name]: record.id}, limit=limit)

    def line_of(self, found, name, product):
        """The line of a product in a list, None if it is not there."""
        return next((one for one in found[name] if one["product_id"] == product.id), None)

    def assertListed(self, found, name, *products):
        """The products stand in the list."""
        listed = [one["product_id"] for one in found[name]]
        for product in products:
            self.assertIn(product.id, listed, product.name)

    def assertNotListed(self, found, *products):
        """The products stand in none of the lists."""
        listed = [one["product_id"] for rows in (found["again"], found["new"], found["sellers"])
                  for one in rows]  # fmt: skip
        for product in products:
            self.assertNotIn(product.id, listed, product.name)


class RecommendationsCase(RecommendationsMixin, SegmentsCase):
    """Thirty customers of the sales history, nothing learnt yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_recommendations()
