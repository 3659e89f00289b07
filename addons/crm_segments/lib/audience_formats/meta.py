"""Meta, Custom Audiences: a hashed customer list.

Facts, as Meta's pages said them when read on 24 November 2026:

- CSV or TXT, columns ``email`` and ``phone``; phone numbers with their country code even if all
  are of one country. Lists of fewer than 100 people are to be avoided.
  https://www.facebook.com/business/help/2082575038703844
- Hashed with SHA-256 in lower-case hexadecimal; before that e-mail addresses are trimmed and
  in lower case, phone numbers without symbols, letters and leading zeros, so without the plus
  sign. Nothing is said of dots in addresses at gmail.com: they stay.
  https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences
"""

from .base import AudienceFormat, digits


class Meta(AudienceFormat):
    """Custom Audiences."""

    key = "meta"
    label = "Meta Custom Audiences"
    header = ("email", "phone")
    least = 100
    source = "https://www.facebook.com/business/help/2082575038703844"

    def phone(self, number):
        """Digits with the country code.

        >>> Meta().phone("+447911123456")
        '447911123456'
        """
        return digits(number)


FORMAT = Meta()
