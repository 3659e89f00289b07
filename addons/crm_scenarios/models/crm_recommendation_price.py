"""Price, margin and stock of the lines, as the quotation's line will have them."""

from itertools import repeat

from odoo import models
from odoo.tools import SQL

_OF_PRODUCT = ("product_tmpl_id", "default_code", "standard_price", "write_date")
_OF_TEMPLATE = ("name", "list_price", "uom_id", "company_id", "is_storable")


class CrmRecommendation(models.AbstractModel):
    _inherit = "crm.recommendation"  # pylint: disable=consider-merging-classes-inherited

    def _add_prices(self, case, lines):
        """Unit price at the suggested quantity, and the margin for those who may see costs.

        Costs are shown to whom the host shows them on the product (``standard_price``); a
        product without a cost has no margin rather than one of 100 %.
        """
        products = self._products_of(case, lines)
        rules = case.pricelist._get_applicable_rules(products, case.date)
        with_cost = self._may_read(products, "standard_price")
        taxes = self._taxes_of(case, products.product_tmpl_id)
        for line, product in zip(lines, products, strict=True):
            line["quantity"] = product.uom_id.round(line["quantity"]) or 1.0
            net = self._net_price(case, rules, product, line["quantity"])
            inside = self._taxes_in_price(case, taxes[product.product_tmpl_id.id])
            line["price"] = case.currency.round(self._with_taxes(case, product, net, inside))
            line["currency_id"] = case.currency.id
            line["margin"] = self._margin(case, product, net) if with_cost else None

    def _load_products(self, case, lines):
        """Read at once what texts, prices and stock need of the products that are named.

        What was bought may have become another company's since: such a product isn't named.
        """
        ids = [line["product_id"] for line in lines]
        ids += [line["row"].anchor for line in lines if hasattr(line["row"], "anchor")]
        readable = (one for one in dict.fromkeys(ids) if one in case.readable)
        products = case.env["product.product"].browse(readable)
        # sudo: the user's rules have let them through, of their fields only the user's are read
        products.sudo().fetch([name for name in _OF_PRODUCT if self._may_read(products, name)])
        self._load_variant_values(products)
        templates = products.product_tmpl_id
        templates.sudo().fetch([name for name in _OF_TEMPLATE if self._may_read(templates, name)])
        case.products = products

    def _load_variant_values(self, products):
        """What tells variants apart, read of those that have any: of most products there are none.

        The host's own reading joins four tables to order what isn't there.
        """
        field = products._fields["product_template_attribute_value_ids"]
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %(product)s FROM %(relation)s WHERE %(product)s = ANY(%(ids)s)",
                product=SQL.identifier(field.column1, to_flush=field),
                relation=SQL.identifier(field.relation),
                ids=products.ids,
            )
        )
        variants = products.browse([product_id for (product_id,) in rows])
        variants.sudo().fetch([field.name])  # sudo: as the products themselves
        field._insert_cache(products - variants, repeat(()))

    def _may_read(self, records, name):
        field = records._fields.get(name)
        return field is not None and records._has_field_access(field, "read")

    def _products_of(self, case, lines):
        return case.env["product.product"].browse([line["product_id"] for line in lines])

    def _net_price(self, case, rules, product, quantity):
        """As ``product.pricelist._compute_price_rule``, with the rules read once for all lines."""
        rule = rules.browse()
        for one in rules:
            if one._is_applicable_for(product, quantity):
                rule = one
                break
        return rule._compute_price(
            product, quantity, product.uom_id, date=case.date, currency=case.currency
        )

    def _with_taxes(self, case, product, price, taxes):
        """As ``sale.order.line._reset_price_unit``: taxes in the price follow the customer's."""
        if not taxes:
            return price
        return product._get_tax_included_unit_price_from_price(
            price, product_taxes=taxes, fiscal_position=case.fiscal_position
        )

    def _taxes_of(self, case, templates):
        """Sales taxes of the templates of which any is in the price, by one plain statement.

        Where none is, the price stays as it is, and no tax has to be read.

        :return: dict id of the template → account.tax records that the company may use
        """
        field, tax = templates._fields["taxes_id"], self.env["account.tax"]
        templates.flush_model(["taxes_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.%(template)s, array_agg(t.id ORDER BY t.sequence, t.id)
                FROM %(relation)s r
                JOIN account_tax t ON t.id = r.%(tax)s AND t.active AND t.company_id = ANY(%(own)s)
                JOIN res_company c ON c.id = t.company_id
                WHERE r.%(template)s = ANY(%(templates)s) GROUP BY r.%(template)s
                HAVING bool_or(
                    COALESCE(t.price_include_override, c.account_price_include) = 'tax_included')
                """,
                template=SQL.identifier(field.column1),
                tax=SQL.identifier(field.column2),
                relation=SQL.identifier(field.relation),
                own=case.company.sudo().parent_ids.ids,  # sudo: a branch uses its parents' taxes
                templates=templates.ids,
                to_flush=[
                    tax._fields["active"], tax._fields["company_id"], tax._fields["sequence"],
                    tax._fields["price_include_override"],
                    self.env["res.company"]._fields["account_price_include"],
                ],
            )
        )  # fmt: skip
        found = dict.fromkeys(templates.ids, ()) | dict(rows)
        return {one: case.env["account.tax"].browse(ids) for one, ids in found.items()}

    def _taxes_in_price(self, case, taxes):
        """Those of the company, once for all lines; none unless all of them are in the price.

        The host leaves the price as it is then.
        """
        if taxes not in case.taxes:
            taxes.fetch(["company_id", "price_include_override"])
            own = taxes._filter_taxes_by_company(case.company)
            inside = bool(own) and all(own.mapped("price_include"))
            case.taxes[taxes] = own if inside else own.browse()
        return case.taxes[taxes]

    def _margin(self, case, product, price):
        """:return: share of the price that the cost leaves, None if either is unknown"""
        if not price or not product.standard_price:
            return None
        cost = product.cost_currency_id._convert(
            product.standard_price, case.currency, case.company, case.date, round=False
        )
        return (price - cost) / price

    def _add_stock(self, case, lines):
        """What is free to sell, where stock is installed and the product is stored."""
        products = self._products_of(case, lines)
        tracked = "free_qty" in products._fields
        if tracked and "warehouse_id" in case.order._fields and case.order.warehouse_id:
            products = products.with_context(warehouse_id=case.order.warehouse_id.id)
        for line, product in zip(lines, products, strict=True):
            stored = tracked and product.product_tmpl_id.is_storable
            line["available"] = product.free_qty if stored else None
            line["name"], line["uom"] = product.display_name, product.uom_id.display_name
            line["unique"] = str(product.write_date)
