"""A list for people to read; its columns are named by whoever writes it."""

from .base import AudienceFormat


class Plain(AudienceFormat):
    """Names, addresses and numbers as they are."""

    key = "plain"
    sequence = 1
    hashed = False

    def number(self, contact):
        """:return: the number as it was typed: people know what is meant"""
        return contact.number

    def phone(self, number):
        """:return: what makes two numbers the same"""
        return "".join(filter(str.isalnum, number))

    def cells(self, email, phone):
        """:return: list of texts of one row"""
        return [email or "", phone or ""]


FORMAT = Plain()
