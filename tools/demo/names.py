"""Invented names for customers that are only numbers in the source."""

import random
import re
import unicodedata

_BRITISH = "London Leeds Bristol York Norwich Exeter Glasgow Cardiff Bath Belfast Durham Kendal"
# Country of the source -> (ISO code, legal form, towns, telephone prefix).
COUNTRIES = {
    "United Kingdom": ("GB", "Ltd", _BRITISH, "+44 1632 960"),
    "Germany": ("DE", "GmbH", "Hamburg Köln Leipzig Bremen Freiburg Münster", "+49 30 2312 5"),
    "France": ("FR", "SARL", "Lyon Nantes Lille Annecy Rennes Dijon", "+33 1 99 00 "),
    "Spain": ("ES", "S.L.", "Valencia Sevilla Bilbao Girona", "+34 910 000 "),
    "Belgium": ("BE", "BV", "Gent Namur Leuven Brugge", "+32 2 555 0"),
    "Portugal": ("PT", "Lda", "Porto Coimbra Braga", "+351 21 000 0"),
    "Switzerland": ("CH", "AG", "Basel Bern Luzern", "+41 44 555 0"),
    "Italy": ("IT", "S.r.l.", "Torino Verona Siena", "+39 06 0000 "),
    "Denmark": ("DK", "ApS", "Aarhus Odense", "+45 32 55 5"),
    "Poland": ("PL", "Sp. z o.o.", "Gdańsk Kraków Poznań", "+48 22 555 0"),
    "Netherlands": ("NL", "B.V.", "Utrecht Haarlem Delft", "+31 20 555 0"),
    "Austria": ("AT", "GmbH", "Graz Salzburg Linz", "+43 1 555 0"),
    "Iceland": ("IS", "ehf.", "Reykjavík Akureyri", "+354 555 0"),
    "Sweden": ("SE", "AB", "Uppsala Lund", "+46 8 555 0"),
    "Greece": ("GR", "EPE", "Patra Volos", "+30 21 0555 0"),
    "Norway": ("NO", "AS", "Bergen Trondheim", "+47 22 55 0"),
    "Cyprus": ("CY", "Ltd", "Limassol Paphos", "+357 22 555 "),
    "Canada": ("CA", "Inc.", "Halifax Victoria", "+1 604 555 0"),
    "Japan": ("JP", "K.K.", "Kobe Nagoya", "+81 3 5550 0"),
    "USA": ("US", "LLC", "Portland Savannah Burlington", "+1 503 555 0"),
    "Finland": ("FI", "Oy", "Turku Tampere", "+358 9 555 0"),
    "EIRE": ("IE", "Ltd", "Cork Galway", "+353 1 555 0"),
    "Australia": ("AU", "Pty Ltd", "Hobart Fremantle", "+61 2 5550 0"),
}
_HOUSES = (
    "Ashdown Bellweather Brackenbury Calloway Dunmore Elderfield Fairholme Gladwyn Hartsease "
    "Inglewood Juniper Kestrel Larkspur Marchmont Netherby Oakhanger Pemberley Quillfeather "
    "Rosehip Saltmarsh Thistledown Umberleigh Verity Wrenfield Yarrow Applecross Bluebell "
    "Copperfield Dovecote Everglade Foxglove Greenhithe Honeysuckle"
).split()
# What the company is tells its industry (external ids of the host's base data); None: unknown.
TRADES = [
    ("Gifts", "base.res_partner_industry_G", 9),
    ("Home & Gift", "base.res_partner_industry_G", 8),
    ("Trading", "base.res_partner_industry_G", 6),
    ("Garden Centres", "base.res_partner_industry_A", 4),
    ("Tea Rooms", "base.res_partner_industry_I", 6),
    ("Hotels", "base.res_partner_industry_I", 4),
    ("Museum Shops", "base.res_partner_industry_R", 4),
    ("Events", "base.res_partner_industry_R", 4),
    ("Schools Supply", "base.res_partner_industry_P", 3),
    ("Care Homes", "base.res_partner_industry_Q", 3),
    ("Interiors", "base.res_partner_industry_F", 3),
    ("Workshop", "base.res_partner_industry_C", 3),
    ("Florists", "base.res_partner_industry_S", 3),
    ("Collective", None, 3),
]
PEOPLE = (
    "Alice Marlow, Ben Okafor, Clara Jensen, Daniel Reyes, Esther Quinn, Farid Haddad, Greta "
    "Lindqvist, Hugo Martel, Irene Kovacs, Jonas Weber, Katya Orlova, Liam Doyle, Maya Patel,"
    " Nils Berg, Olivia Stone, Pedro Alves"
).split(", ")


class Namer:
    """Deals out companies; none is dealt twice."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._used = set()

    def company(self, country):
        """Return the values of a company, the external id of its industry, its country code."""
        code, form, towns, prefix = COUNTRIES[country]
        while True:
            trade, industry, _weight = self._random.choices(
                TRADES, [weight for *_rest, weight in TRADES]
            )[0]
            stem = f"{self._random.choice(_HOUSES)} {trade}"
            if stem not in self._used:
                break
        self._used.add(stem)
        slug = re.sub(r"[^a-z]+", "-", stem.lower()).strip("-")
        values = {
            "name": f"{stem} {form}",
            "city": self._random.choice(towns.split()),
            "email": f"office@{slug}.example.com",
            "website": f"https://{slug}.example.com",
            "phone": f"{prefix}{self._random.randrange(100, 1000)}",
        }
        return values, industry, code

    def person(self, company_email):
        """Return the values of someone who works there."""
        name = self._random.choice(PEOPLE)
        first = (
            unicodedata.normalize("NFKD", name.split()[0])
            .encode("ascii", "ignore")
            .decode()
            .lower()
        )
        return {"name": name, "email": f"{first}@{company_email.split('@')[1]}"}
