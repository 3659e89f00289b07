"""What to offer a customer: the service behind the screens and for other programs."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .asked_record import asked_record
from .recommendation_case import Case

#: more than this nobody reads
MOST = 50
#: what is read of the contact and its customer
_OF_CONTACT = (
    "commercial_partner_id", "user_id", "country_id", "specific_property_product_pricelist",
    "name", "parent_id", "company_name", "type", "is_company",
)  # fmt: skip
#: and what the host's rules on contacts look at
_OF_RULES = ("company_id", "partner_share")
#: and of the company
_OF_COMPANY = (
    "active", "currency_id", "partner_id", "parent_id", "parent_path", "account_price_include",
    "crm_sales_basis", "sale_discount_product_id", "sale_down_payment_product_id",
)  # fmt: skip


class CrmRecommendation(models.AbstractModel):
    """Two lists for one customer, each line with its reason, its cases and how sure it is.

    Who sees what
    -------------
    Salespeople ask for customers, leads and quotations that they may read. What the customer
    bought is taken from all documents if the user may see the customer's figures
    (``res.partner.metrics_visible``), otherwise from the documents that the host shows to
    the user alone: nothing is said of a colleague's invoices. Products of hidden documents
    are neither listed nor named; they are only kept out of the list of new products.
    What others bought is counts of customers, never money.
    """

    _name = "crm.recommendation"
    _description = "Recommendations"

    @api.model
    @api.readonly
    def recommend(self, partner_id=None, lead_id=None, order_id=None, limit=10):
        """Recommend products to a customer.

        One of the three ids is needed; a quotation stands for its customer and its prices, a
        lead for its customer or, without one, for its provisional segments.

        :param int partner_id: id of a contact or a company
        :param int lead_id: id of a lead or an opportunity
        :param int order_id: id of a quotation
        :param int limit: most lines per list, up to 50
        :return: dict with the lists ``again`` (bought before) and ``new`` (to this customer),
            and ``sellers`` where ``new`` is empty: most bought in the segment. Each line has
            ``product_id``, ``name``, ``quantity`` (in ``uom``), ``price`` (each, in
            ``currency_id``, after discounts), ``reason``, ``support`` (cases that it
            rests on), ``cases`` (out of how many), ``lift`` (times as often as others, or
            None), ``certainty`` (in words), ``chance`` (that it is in the next purchase,
            or None), ``margin`` (share, None: not known or not for this user),
            ``available`` (in ``uom``, None: not tracked). ``about`` says what the lists
            were learnt from, and ``why`` why one is empty.
        :raises AccessError: if the user may not read the customer, lead or quotation
        :raises UserError: if none of the ids, or no possible limit is given
        """
        case = self._case(partner_id, lead_id, order_id)
        limit = self._checked_limit(limit)
        found = self._lists(case, limit)
        lines = [line for rows in found["lists"].values() for line in rows]
        self._load_products(case, lines)
        self._add_texts(case, lines)
        self._add_prices(case, lines)
        self._add_stock(case, lines)
        return {**found["lists"], "about": self._about(case, found)}

    @api.model
    @api.readonly
    def prices(self, lines, partner_id=None, lead_id=None, order_id=None):
        """Price and margin of products at other quantities than the suggested ones.

        :param list lines: dicts with ``product_id`` and ``quantity``
        :param partner_id: as in :meth:`recommend`, as are the others
        :return: list of dicts ``product_id``, ``quantity``, ``price``, ``currency_id``,
            ``margin``, in the order of ``lines``; products that the user may not read are left out
        """
        case = self._case(partner_id, lead_id, order_id)
        asked = [{**line, "list": "new"} for line in lines[:MOST]]
        checked = self.env["crm.recommendation.feedback"]._checked_lines(asked)
        rows = [
            {"product_id": line["product_id"], "quantity": float(line.get("quantity") or 1)}
            for line in checked
        ]
        self._add_prices(case, rows)
        return rows

    def _checked_limit(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            raise UserError(self.env._("The limit is a whole number from 1."))
        return min(limit, MOST)

    def _check_user(self):
        if not (self.env.su or self.env.user.has_group("sales_team.group_sale_salesman")):
            raise AccessError(self.env._("Recommendations are for salespeople."))

    def _case(self, partner_id=None, lead_id=None, order_id=None):
        """For whom; see :class:`Case`."""
        self._check_user()
        if order_id:
            order = asked_record(self.env, "sale.order", order_id)
            return self._case_of_order(order)
        if lead_id:
            return self._case_of_lead(asked_record(self.env, "crm.lead", lead_id))
        if partner_id:
            names = [*_OF_CONTACT, *_OF_RULES]
            partner = asked_record(self.env, "res.partner", partner_id, names)
            return self._case_in(self.env.company, partner)
        raise UserError(self.env._("Say for which customer, lead or quotation."))

    def _case_of_order(self, order):
        case = self._case_in(order.company_id, order.partner_id, lead=order.opportunity_id)
        case.order, case.pricelist, case.currency = order, order.pricelist_id, order.currency_id
        case.position, case.date = order.fiscal_position_id, order.date_order
        case.excluded.update(order.order_line.product_id.ids)
        return case

    def _case_of_lead(self, lead):
        company = lead.company_id or self.env.company
        if company not in self.env.companies:
            company = self.env.company
        return self._case_in(company, lead.partner_id, lead=lead)

    def _case_in(self, company, contact, lead=None):
        # only what is asked for is read: of partners and products there are a hundred fields
        env = self.with_company(company).with_context(prefetch_fields=False).env
        # sudo: the lead or quotation is readable; of its customer only segments, pricelist and
        # fiscal position are taken, which its own form shows
        contact = contact.with_env(env).sudo()
        lead = (lead or env["crm.lead"]).with_env(env)
        company = company.with_env(env)
        company.sudo().fetch([name for name in _OF_COMPANY if name in company._fields])
        contact.fetch(_OF_CONTACT)
        customer = contact.commercial_partner_id
        customer.fetch(_OF_CONTACT)
        pricelist = self._pricelist(env, contact, lead)
        case = Case(
            env=env, company=company, partner=customer, contact=contact, lead=lead,
            order=env["sale.order"], segments=self._segments_of(customer, lead),
            pricelist=pricelist, currency=pricelist.currency_id or company.currency_id,
            position=None, date=env.cr.now(), today=env["crm.segmentation"]._today(),
            figures=customer.sudo(False).metrics_visible if customer else True,
        )  # fmt: skip
        case.excluded = self._dismissed(case)
        return case

    def _segments_of(self, customer, lead):
        """The customer's segments, by one statement, or the provisional ones of a lead."""
        if not customer:
            return lead.sudo().segment_ids  # sudo: as in _case_in
        ids = customer._segments_by_record().get(customer.id, ())
        return customer.env["crm.segment"].browse(ids)

    def _pricelist(self, env, contact, lead):
        """The customer's, or that of the lead's country; none if the company has none."""
        if contact:
            return contact.property_product_pricelist
        if not env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return env["product.pricelist"]
        country = lead.country_id.id
        found = env["product.pricelist"].sudo()._get_country_pricelist_multi([country or 0])
        return found.get(country or 0, env["product.pricelist"])
