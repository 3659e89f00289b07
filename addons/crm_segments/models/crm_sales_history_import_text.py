"""Import of sales history: what happened, or would, in the user's words."""

from odoo import api, models


class CrmSalesHistoryImportEngine(models.AbstractModel):
    _inherit = "crm.sales.history.import.engine"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _reason_labels(self):
        """:return: dict reason -> why a row was rejected, in the user's language"""
        return {
            "no_document": self.env._("No document number"),
            "no_customer": self.env._("No customer"),
            "no_date": self.env._("No date"),
            "bad_date": self.env._("Unreadable date"),
            "no_amount": self.env._("No amount"),
            "bad_number": self.env._("Unreadable number"),
            "other_company": self.env._("Customer of another company"),
        }

    @api.model
    def _role_labels(self):
        """:return: dict role -> what a column holds, in the user's language"""
        return {
            "document": self.env._("Document number"),
            "date": self.env._("Date"),
            "customer_id": self.env._("Customer code"),
            "customer_name": self.env._("Customer name"),
            "vat": self.env._("VAT number"),
            "reference": self.env._("Customer reference"),
            "email": self.env._("E-mail"),
            "country": self.env._("Country"),
            "phone": self.env._("Phone"),
            "street": self.env._("Street"),
            "city": self.env._("City"),
            "zip": self.env._("Postal code"),
            "industry": self.env._("Industry"),
            "product_ref": self.env._("Product code"),
            "product_name": self.env._("Product name"),
            "quantity": self.env._("Quantity"),
            "price": self.env._("Unit price"),
            "amount": self.env._("Untaxed amount"),
            "list_price": self.env._("List price"),
            "cost": self.env._("Cost per unit"),
            "currency": self.env._("Currency"),
            "kind": self.env._("Document type"),
        }

    @api.model
    def _explain(self, error):
        """:param error: TabularError
        :return: what is wrong with the file and what to do, in the user's language
        """
        params = dict(error.params)
        if "header" in params:
            params["header"] = ", ".join(name for name in map(str, params["header"]) if name)
        if "names" in params:
            params["names"] = ", ".join(params["names"])
        if "missing" in params:
            params["missing"] = ", ".join(self._missing_labels(params["missing"]))
        return self._error_texts(params)[error.code]

    @api.model
    def _missing_labels(self, missing):
        labels = self._role_labels() | {
            "customer": self.env._("Customer (code, VAT number, reference, e-mail or name)"),
            "amount": self.env._("Untaxed amount (or quantity and unit price)"),
        }
        return [labels[role] for role in missing]

    @api.model
    def _error_texts(self, params):
        """:return: dict code -> text; texts whose values are not in params stay incomplete"""
        values = {"encoding": "", "detail": "", "header": "", "names": "", "missing": ""} | params
        return {
            "empty": self.env._("The file is empty."),
            "no_lines": self.env._(
                "The file has no line below its header: there are no sales in it to import."
            ),
            "not_table": self.env._("The file is neither CSV nor XLSX."),
            "old_excel": self.env._(
                "This is a workbook of an old Excel (XLS). Save it as XLSX or CSV first."
            ),
            "damaged": self.env._("The file is damaged or incomplete: it cannot be unpacked."),
            "bad_row": self.env._("The file is no CSV that can be read: %(detail)s.", **values),
            "encoding": self.env._(
                "The file is not written in the encoding %(encoding)s. Choose another one, or "
                "let it be recognised.",
                **values,
            ),
            "missing_columns": self.env._(
                "There is no column for: %(missing)s.\nColumns of the file: %(header)s.\n"
                "Choose what each column holds.",
                **values,
            ),
            "unknown_columns": self.env._(
                "The file has no column %(names)s.\nColumns of the file: %(header)s.", **values
            ),
        }
