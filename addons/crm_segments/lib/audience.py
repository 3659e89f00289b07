"""Whom an audience reaches: each address and number once, and who is left out why."""

import csv
import io
from collections import Counter
from typing import NamedTuple

#: reasons why a contact is left out, the first that holds counts
REASONS = ("unreachable", "blacklisted", "opted_out", "duplicate")


class Contact(NamedTuple):
    """A contact of a customer, as the database knows it."""

    partner_id: int
    customer_id: int  #: its commercial entity
    email: str | None  #: normalised
    number: str | None  #: telephone number as somebody typed it
    phone: str | None  #: the number as the host has recognised it
    blacklisted: bool
    opted_out: bool


class Audience(NamedTuple):
    """What becomes of contacts.

    ``people``: list of (partner id, e-mail or None, phone or None), each address once;
    ``customers``: how many of their customers are reached; ``left_out``: Counter by reason;
    ``unusable``: how many numbers the format can't use because they lack the country.
    """

    people: list
    customers: int
    left_out: Counter
    unusable: int

    @property
    def emails(self):
        """How many addresses."""
        return sum(1 for _id, email, _phone in self.people if email)

    @property
    def phones(self):
        """How many numbers."""
        return sum(1 for _id, _email, phone in self.people if phone)


def gather(contacts, form):
    """Choose who is reached.

    Addresses are the same where ``form`` compares them as the same. Who is on a blacklist or
    has opted out is left out with all addresses.

    :param contacts: iterable of Contact; of two with the same address the first is taken
    :param form: AudienceFormat
    :return: Audience

    >>> from .audience_formats import FORMATS
    >>> ann = Contact(1, 1, "ann@x.example", "030 123456", "+4930123456", False, False)
    >>> gather([ann, ann._replace(partner_id=2)], FORMATS["meta"]).left_out
    Counter({'duplicate': 1})
    """
    people, customers, left_out, unusable = [], set(), Counter(), 0
    emails, phones = set(), set()
    for one in contacts:
        number = form.number(one)
        unusable += bool(one.number and not number)
        if reason := _reason(one, number):
            left_out[reason] += 1
            continue
        customers.add(one.customer_id)
        email, number = _new(one.email, form.email, emails), _new(number, form.phone, phones)
        if email or number:
            people.append((one.partner_id, email, number))
        else:
            left_out["duplicate"] += 1
    return Audience(people, len(customers), left_out, unusable)


def _reason(contact, number):
    if not contact.email and not number:
        return "unreachable"
    if contact.blacklisted:
        return "blacklisted"
    return "opted_out" if contact.opted_out else None


def _new(value, normal, seen):
    """The value if its normal form was not seen yet, else None."""
    if not value or (key := normal(value)) in seen:
        return None
    seen.add(key)
    return value


def write_csv(header, rows, readable=False):
    """Content of a CSV file.

    :param bool readable: for a spreadsheet: marked as UTF-8, and no cell is taken for a formula
    :return: bytes

    >>> write_csv(["a"], [["=1"]], readable=True)
    b"\\xef\\xbb\\xbfa\\r\\n'=1\\r\\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] if readable else row for row in rows)
    return stream.getvalue().encode("utf-8-sig" if readable else "utf-8")


def _harmless(cell):
    # as the host's own export does, but a telephone number stays one
    if cell[:1] not in ("=", "-", "+", "@", "\t", "\r") or (cell[0] == "+" and cell[1:].isdigit()):
        return cell
    return f"'{cell}"
