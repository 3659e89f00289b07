"""A row of a sales file -> a typed line, or the reason why it is rejected. No database.

How to use::

    reader = RowReader(columns, decimal=".", order="dmy")
    for number, cells in rows:
        line = reader.parse(number, cells)   # Line or Rejected

Amounts are exact (Decimal): a price of 0.001 times 12,540 is 12.54, not 0 or 12.5.
"""

import datetime
import re
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from .tabular_values import day, number

#: Why a row is rejected, in the order in which it is looked at.
REASONS = (
    "no_document",
    "no_customer",
    "no_date",
    "bad_date",
    "no_amount",
    "bad_number",
    "other_company",
)
_CREDIT_NUMBER = re.compile(r"C[-/ ]?\d", re.IGNORECASE)
_CREDIT_KIND = re.compile(r"credit|refund|return|возврат|кредит|сторно|исправлен", re.IGNORECASE)
_REMEMBER = 50_000  # distinct cell texts of one kind kept; then forgotten, to bound memory


class Line(NamedTuple):
    """One line of a document that was understood. Text is '' or None where absent."""

    row: int
    customer: str  #: the source's key of the customer
    customer_name: str
    vat: str
    reference: str
    email: str
    country: str
    phone: str
    street: str
    city: str
    zip: str
    industry: str
    document: str
    position: int  #: ordinal of the row in its document, from 1, in file order
    date: datetime.date
    is_refund: bool
    product_ref: str
    product_name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal  #: untaxed, in the currency of the line; negative on credit notes
    currency: str
    list_price: Decimal | None  #: of the day, per unit, untaxed; None where the source has none
    cost: Decimal | None  #: of the day, per unit


class Rejected(NamedTuple):
    """A row that cannot be imported: reason is one of REASONS, value the culprit."""

    row: int
    reason: str
    value: str


class RowReader:
    """Reads rows one after the other; counts the lines of each document.

    A rejected line is counted too: filled in later, it does not move the others.

    :param dict columns: role -> index (``history_columns.choose``)
    :param str decimal: decimal mark
    :param str order: ``dmy`` or ``mdy``
    """

    def __init__(self, columns, decimal=".", order="dmy"):
        at = [columns.get(role, -1) for role in _TEXT_ROLES + _VALUE_ROLES]
        self._width = max(at) + 1
        self._pick = itemgetter(*at)
        self._positions = {}
        self._day = _Remembering(lambda value: day(value, order))
        self._number = _Remembering(lambda value: number(value, decimal))

    def parse(self, row, cells):
        """:return: Line or Rejected"""
        # The empty cell at the end, index -1, stands for columns that the file has not.
        cells = [*cells, *[""] * (self._width - len(cells)), ""]
        *texts, date, quantity, price, amount, list_price, cost, kind = self._pick(cells)
        try:
            texts = list(map(str.strip, texts))
        except TypeError:  # from a spreadsheet
            texts = list(map(text_of, texts))
        document, key, *values, ref, name, currency = texts
        customer_name, vat, reference, email, *_address = values
        if not document:
            return Rejected(row, "no_document", "")
        position = self._positions[document] = self._positions.get(document, 0) + 1
        customer = key or _substitute_key(vat, reference, email, customer_name)
        if not customer:
            return Rejected(row, "no_customer", "")
        if date in ("", None):
            return Rejected(row, "no_date", "")
        try:
            date = self._day[date]
        except (ValueError, OverflowError):
            return Rejected(row, "bad_date", str(date))
        try:
            quantity, price = self._number[quantity], self._number[price]
            amount = self._number[amount]
            list_price, cost = self._above_zero(list_price), self._above_zero(cost)
        except ValueError as error:
            return Rejected(row, "bad_number", str(error.args[0]))
        if amount is None:
            if quantity is None or price is None:
                return Rejected(row, "no_amount", "")
            amount = quantity * price
        if kind and amount > 0 and _CREDIT_KIND.search(str(kind)):
            amount = -amount
        refund = amount < 0 or bool(quantity and quantity < 0 and _CREDIT_NUMBER.match(document))
        return Line(
            row,
            customer,
            *values,
            document,
            position,
            date,
            refund,
            ref,
            name,
            quantity,
            price,
            amount,
            currency.upper(),
            list_price,
            cost,
        )

    def _above_zero(self, cell):
        """A price that may be missing: what is no number above zero, such as 'n/a', is none.

        :return: Decimal or None
        """
        try:
            found = self._number[cell]
        except ValueError:
            return None
        return found if found is not None and found > 0 else None


#: what a source says of a customer, kept on its identity
CUSTOMER_VALUES = (
    "customer_name", "vat", "reference", "email", "country", "phone", "street", "city", "zip",
    "industry",
)  # fmt: skip
_TEXT_ROLES = (
    "document", "customer_id", *CUSTOMER_VALUES, "product_ref", "product_name", "currency",
)  # fmt: skip
_VALUE_ROLES = ("date", "quantity", "price", "amount", "list_price", "cost", "kind")


def text_of(value):
    """:return: the cell as text; 17850.0 from a spreadsheet is the code ``17850``"""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _substitute_key(vat, reference, email, name):
    """:return: the key of a customer whom the source gives no code, '' if unknown"""
    for prefix, value in (("vat", vat), ("ref", reference), ("email", email), ("name", name)):
        if value:
            return f"{prefix}:{value.lower()}"
    return ""


class _Remembering(dict):
    """A function of one cell that remembers its answers, but not without end."""

    def __init__(self, function):
        super().__init__()
        self._function = function

    def __missing__(self, value):
        if len(self) >= _REMEMBER:
            self.clear()
        self[value] = answer = self._function(value)
        return answer
