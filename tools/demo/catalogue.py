"""Products: the stock codes and names of the sample, in categories read from the names."""

from .quiet import generator

# First match wins, so the narrow ones come first.
CATEGORIES = [
    ("Christmas", "christmas advent santa reindeer"),
    ("Bags", "bag bags jumbo shopper purse"),
    ("Lighting & Candles", "t-light candle candles lantern light lights lamp"),
    (
        "Kitchen & Baking",
        "cake cases tin tins jar jars bowl baking kitchen pantry lunch jam cutlery bottle",
    ),
    ("Tea & Tableware", "tea teacup mug cup plate plates regency glass teapot napkins doily"),
    ("Toys & Children", "spaceboy dolly girl childrens playhouse kids toy game feltcraft doll"),
    ("Party & Paper", "party bunting birthday paper wrap card cards tissue ribbon"),
    (
        "Home & Garden",
        "sign frame clock doormat cushion hook drawer garden wall storage box holder hanging metal",
    ),
]
OTHER = "Gifts & Curiosities"


def create_products(env, products):
    """Return {stock code: product}."""
    categories = _categories(env)
    choice = generator("products")
    codes = list(products)
    records = env["product.product"].create(
        [
            {
                "name": name,
                "default_code": code,
                "type": "consu",
                "list_price": price,
                # Wholesalers of giftware earn 30 to 50 % of the price.
                "standard_price": round(price * choice.uniform(0.5, 0.7), 2),
                "categ_id": categories[_category(name)].id,
            }
            for code, (name, price) in products.items()
        ]
    )
    return dict(zip(codes, records, strict=True))


def _categories(env):
    names = [name for name, _words in CATEGORIES] + [OTHER]
    return dict(
        zip(names, env["product.category"].create([{"name": name} for name in names]), strict=True)
    )


def _category(name):
    """The first category that shares a word with the name of the product."""
    words = set(name.lower().split())
    return next((category for category, keys in CATEGORIES if words & set(keys.split())), OTHER)
