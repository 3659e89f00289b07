"""What formats of audiences have in common."""

import hashlib
import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


class AudienceFormat:
    """How one system wants its list of people.

    :ivar key: technical name
    :ivar label: name that users know; a proper name, so not translated
    :ivar header: names of the columns for e-mail address and phone number
    :ivar least: fewest people with whom the system works, 0 if it doesn't say
    :ivar source: page of the system that says so
    :ivar sequence: place among the formats
    """

    key = label = source = ""
    header = ()
    least = 0
    sequence = 10
    hashed = True

    def number(self, contact):
        """:return: the number of a lib.audience.Contact if this system can use it, else None"""
        return e164(contact.phone)

    def email(self, address):
        """:return: the address as this system compares it, before hashing"""
        return "".join(address.split()).lower()

    def phone(self, number):
        """:return: the E.164 number as this system compares it, before hashing"""
        return number

    def cells(self, email, phone):
        """:return: list of texts of one row; '' for what is not known"""
        return [
            sha256(self.email(email)) if email else "",
            sha256(self.phone(phone)) if phone else "",
        ]


def sha256(text):
    """SHA-256 in lower-case hexadecimal digits (FIPS 180-4).

    >>> sha256("")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(text.encode()).hexdigest()


def e164(number):
    """The number in E.164 (ITU-T), None where its country isn't told.

    >>> e164("+49 (171) 123-45.67"), e164("0049171/1234567")
    ('+491711234567', '+491711234567')
    >>> e164("0171 1234567"), e164("+0 123"), e164(None)
    (None, None, None)
    """
    bare = re.sub(r"[\s()./\u2010-\u2015-]", "", number or "")
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    return bare if _E164.fullmatch(bare) else None


def digits(number):
    """The digits of an E.164 number, which has no leading zero.

    >>> digits("+79995551111")
    '79995551111'
    """
    return number.removeprefix("+")
