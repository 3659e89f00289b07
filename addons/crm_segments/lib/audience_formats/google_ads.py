"""Google Ads, Customer Match: a hashed list of customers.

Facts, as Google's pages said them when read on 24 November 2026:

- CSV in UTF-8 or ASCII, columns ``Email`` and ``Phone`` in English; either is enough.
  https://support.google.com/google-ads/answer/7659867
- Hashed with SHA-256; before that lower case, without any blanks; phone numbers in E.164,
  with the plus sign. https://support.google.com/google-ads/answer/7476159
- Of addresses at gmail.com and googlemail.com the dots before the @ go, and a plus sign with
  what follows it; of no others. The page is about the interface that takes the same lists; the
  one on files doesn't mention it.
  https://developers.google.com/data-manager/api/devguides/concepts/formatting
- An audience serves from 100 active members on each network (1,000 on Search before
  December 2024). https://support.google.com/google-ads/answer/7476585
"""

from .base import AudienceFormat

_GMAIL = ("gmail.com", "googlemail.com")


class GoogleAds(AudienceFormat):
    """Customer Match."""

    key = "google_ads"
    label = "Google Ads Customer Match"
    header = ("Email", "Phone")
    least = 100
    source = "https://support.google.com/google-ads/answer/7659867"

    def email(self, address):
        """The address as Google compares it.

        >>> GoogleAds().email("Cloudy.SanFrancisco+shopping@gmail.com")
        'cloudysanfrancisco@gmail.com'
        >>> GoogleAds().email("user.name+NYC@Example.com")
        'user.name+nyc@example.com'
        """
        address = super().email(address)
        local, _at, domain = address.rpartition("@")
        if domain in _GMAIL:
            local = local.split("+")[0].replace(".", "")
        return f"{local}@{domain}"


FORMAT = GoogleAds()
