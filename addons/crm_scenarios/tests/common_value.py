"""What the tests of predicted value share: many customers with sales, quickly made."""

from datetime import timedelta

import numpy as np
from odoo.addons.crm_segments.tests.common import SegmentsMixin

#: frequent enough that a few hundred customers are a sample
LIVELY = (0.9, 6.0, 0.6, 2.5)


class ValueMixin(SegmentsMixin):
    """Customers of the sales history of the test."""

    @classmethod
    def sales(cls, days_by_customer, amount=100, source=None):
        """Make customers with a sale on each day.

        :param days_by_customer: lists of numbers of days before today
        :return: res.partner records
        """
        source = source or cls.source
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {index}", "is_company": True}
                for index in range(len(days_by_customer))
            ]
        )
        rows = [
            {
                "source_id": source.id,
                "company_id": source.company_id.id,
                "partner_id": partner.id,
                "date": cls.today - timedelta(days=int(day)),
                "document": f"{partner.id}/{day}",
                "position": 1,
                "currency_id": source.currency_id.id,
                "amount_untaxed": amount,
                "amount_company": amount,
            }
            for partner, days in zip(partners, days_by_customer, strict=True)
            for day in dict.fromkeys(days)
        ]
        cls.env["crm.sales.history"].sudo().create(rows)
        return partners

    @classmethod
    def simulated_days(cls, customers, model=LIVELY, weeks=104, seed=1):
        """Days before today on which customers bought who behave as the model says."""
        rng = np.random.default_rng(seed)
        r, alpha, a, b = model
        lists = []
        for _customer in range(customers):
            rate, leaves = rng.gamma(r, 1 / alpha), rng.beta(a, b)
            now = rng.uniform(0, weeks * 0.7)
            days = [round((weeks - now) * 7)]
            while True:
                now += rng.exponential(1 / rate)
                if now > weeks:
                    break
                days.append(round((weeks - now) * 7))
                if rng.random() < leaves:
                    break
            lists.append(days)
        return lists

    @classmethod
    def returning_days(cls, customers=150):
        """Everybody buys often for some weeks, is silent for a year, and comes back in the last
        months: what the model takes for leaving is a pause."""
        return [
            [150, 100, 50] + [700 - index % 20 - (5 + index % 6) * count for count in range(8)]
            for index in range(customers)
        ]

    @classmethod
    def model(cls):
        """The model behind predictions, as the superuser."""
        return cls.env["crm.value.model"].sudo()

    @classmethod
    def fitted(cls, company=None):
        """Fit anew."""
        return cls.model()._fit_company(company or cls.env.company)

    def row(self, partner, company=None):
        """The figures of a customer."""
        company = company or self.env.company
        return self.metrics.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
