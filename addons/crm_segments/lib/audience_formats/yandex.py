"""Yandex Audience (Яндекс Аудитории): hashed data of a CRM.

Facts, as Yandex' pages said them when read on 24 November 2026:

- CSV in UTF-8 or Windows-1251, at most 1 GB, fields separated by commas, their names in the
  first line; each line has ``phone`` or ``email`` or both, other fields are optional.
  https://yandex.com/support/audience/en/file.md
- Hashed with SHA-256; new hashes by MD5 are not taken since January 2025. 'Hashed data' and the
  algorithm are chosen when the segment is made. (same page)
- Phone number: digits with the country code, no blanks or symbols (79995551111); e-mail address:
  no capital letters. (same page)
- At least 100 lines; a segment is ready from 100 anonymous identifiers that were found.
  https://yandex.com/support/audience/segments/create-from-file.html
"""

from .base import AudienceFormat, digits


class Yandex(AudienceFormat):
    """Data of a CRM."""

    key = "yandex"
    label = "Yandex Audience"
    header = ("phone", "email")
    least = 100
    source = "https://yandex.com/support/audience/en/file.md"

    def phone(self, number):
        """Digits with the country code.

        >>> Yandex().phone("+79995551111")
        '79995551111'
        """
        return digits(number)

    def cells(self, email, phone):
        """:return: list of texts of one row, the phone number first"""
        return super().cells(email, phone)[::-1]


FORMAT = Yandex()
