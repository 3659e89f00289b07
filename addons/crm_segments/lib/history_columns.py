"""Which column of a sales file holds what: by its header, or as the user says.

>>> recognise(["InvoiceNo", "InvoiceDate", "CustomerID", "Total"])["document"]
0
"""

import unicodedata

from .tabular import TabularError

#: Role -> headers, most telling first. Compared without case, blanks and punctuation.
HEADERS = {
    "document": (
        "invoice no, invoice number, invoice, invoice id, document number, document no, "
        "document, order number, order no, order id, order reference, sale order, order, "
        "receipt no, receipt, transaction id, number, номер документа, документ, номер счета, "
        "номер счет фактуры, счет, номер накладной, накладная, номер реализации, реализация, "
        "номер заказа, заказ, номер"
    ),
    "date": (
        "invoice date, document date, order date, sale date, transaction date, posting date, "
        "date, created at, дата документа, дата счета, дата накладной, дата реализации, дата "
        "заказа, дата продажи, дата, период"
    ),
    "customer_id": (
        "customer id, customer code, customer no, customer number, client id, client code, "
        "account number, partner id, buyer id, код клиента, код контрагента, код покупателя, "
        "номер клиента, id клиента, ид клиента, id контрагента"
    ),
    "customer_name": (
        "customer name, client name, partner name, company name, customer, client, partner, "
        "buyer, sold to, bill to, наименование контрагента, наименование клиента, имя клиента, "
        "контрагент, клиент, покупатель, заказчик, партнер, организация клиента"
    ),
    "vat": (
        "vat, vat number, vat no, vat id, tax id, tin, инн, инн контрагента, инн клиента, инн "
        "покупателя"
    ),
    "reference": (
        "customer reference, partner reference, customer ref, reference, ref, артикул клиента, "
        "ссылка, внутренняя ссылка"
    ),
    "email": (
        "email, e mail, customer email, email address, mail, электронная почта, почта, эл "
        "почта, email клиента, адрес электронной почты"
    ),
    "country": (
        "country, customer country, country code, bill to country, страна, страна клиента, "
        "страна контрагента"
    ),
    "phone": (
        "phone, phone number, customer phone, telephone, mobile, телефон, телефон клиента, номер "
        "телефона, мобильный телефон"
    ),
    "street": "street, address, customer address, bill to address, улица, адрес, адрес клиента",
    "city": "city, customer city, town, bill to city, город, город клиента, населенный пункт",
    "zip": "zip, zip code, postal code, postcode, индекс, почтовый индекс",
    "industry": "industry, customer industry, sector, branch, отрасль, отрасль клиента, сфера",
    "product_ref": (
        "stock code, product code, item code, sku, internal reference, item no, item number, "
        "article, article number, default code, product id, item id, артикул, код товара, код "
        "номенклатуры"
    ),
    "product_name": (
        "description, product name, product, item description, item name, item, line "
        "description, товар, номенклатура, наименование товара, наименование, название товара, "
        "описание"
    ),
    "quantity": (
        "quantity, qty, quantity invoiced, quantity ordered, units, количество, кол во, колво, кол"
    ),
    "price": (
        "unit price, price, price per unit, net price, sales price, цена, цена за единицу, цена "
        "без ндс"
    ),
    "amount": (
        "untaxed amount, amount untaxed, net amount, line total, subtotal, sub total, amount, "
        "total, net total, sales, revenue, сумма без ндс, стоимость без ндс, сумма, стоимость, "
        "выручка, итого"
    ),
    "list_price": (
        "list price, catalogue price, catalog price, base price, recommended price, "
        "rrp, цена по прайсу, прайсовая цена, цена каталога, базовая цена"
    ),
    "cost": (
        "unit cost, cost, cost price, purchase price, cost per unit, себестоимость, себестоимость "
        "единицы, закупочная цена, цена закупки"
    ),
    "currency": "currency, currency code, document currency, валюта, код валюты, валюта документа",
    "kind": (
        "document type, invoice type, transaction type, type, move type, тип документа, вид "
        "документа, вид операции, тип"
    ),
}
ROLES = tuple(HEADERS)
CUSTOMER_ROLES = ("customer_id", "vat", "reference", "email", "customer_name")
NUMBER_ROLES = ("quantity", "price", "amount", "list_price", "cost")


class MissingColumns(TabularError):
    """Columns without which nothing can be imported are not there.

    Code ``missing_columns`` (params: missing = roles, header = names in the file) or
    ``unknown_columns`` (params: names asked for, header).
    """


def normal(header):
    """:return: the header without case, blanks and punctuation, ``ё`` as ``е``"""
    text = unicodedata.normalize("NFKC", str(header or "")).lower().replace("ё", "е")
    return "".join(char for char in text if char.isalnum())


_KNOWN = {role: [normal(one) for one in names.split(",")] for role, names in HEADERS.items()}


def recognise(header):
    """Find the columns by their names.

    :param header: cells of the header line
    :return: dict role -> index; a column serves one role
    """
    found, names = {}, [normal(cell) for cell in header]
    for role, known in _KNOWN.items():
        for name in known:
            if name in names and names.index(name) not in found.values():
                found[role] = names.index(name)
                break
    return found


def choose(header, chosen):
    """Recognise the columns, what the user chose going before.

    :param dict chosen: role -> header name; an empty name = the file has no such column
    :return: dict role -> index
    :raise MissingColumns: ``unknown_columns``
    """
    names = [normal(cell) for cell in header]
    unknown = [name for name in chosen.values() if name and normal(name) not in names]
    if unknown:
        raise MissingColumns("unknown_columns", names=unknown, header=list(header))
    explicit = {role: names.index(normal(name)) for role, name in chosen.items() if name}
    guessed = {
        role: index
        for role, index in recognise(header).items()
        if role not in chosen and index not in explicit.values()
    }
    return guessed | explicit


def missing(columns):
    """:return: list of what is indispensable and absent: roles, ``customer`` or ``amount``"""
    absent = [role for role in ("document", "date") if role not in columns]
    if not any(role in columns for role in CUSTOMER_ROLES):
        absent.append("customer")
    if "amount" not in columns and not {"quantity", "price"} <= columns.keys():
        absent.append("amount")
    return absent


def find_header(rows, chosen=None, look=20):
    """Find the header line, which may stand below a title.

    :param rows: iterable of (number, cells)
    :param dict chosen: see ``choose``
    :param int look: how many rows to look at
    :return: (number of the header row, its cells, dict role -> index)
    :raise MissingColumns: no row will do; told of the row that comes nearest
    """
    best = None
    for (number, cells), _i in zip(rows, range(look), strict=False):
        columns, error = _try(cells, chosen or {})
        if not error:
            return number, list(cells), columns
        if best is None or len(columns) > best[0]:
            best = len(columns), error
    raise best[1] if best else TabularError("empty")


def _try(cells, chosen):
    """:return: (columns, None) if this can be the header, else (columns, error)"""
    cells = ["" if cell is None else str(cell) for cell in cells]
    try:
        columns = choose(cells, chosen)
    except MissingColumns as error:
        return recognise(cells), error
    if absent := missing(columns):
        return columns, MissingColumns("missing_columns", missing=absent, header=cells)
    return columns, None
