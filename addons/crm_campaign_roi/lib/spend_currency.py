"""Which currency a report is in, and whether its amounts hold VAT."""

import re

_SYMBOLS = {
    "€": "EUR", "$": "USD", "£": "GBP", "₽": "RUB", "¥": "JPY", "₴": "UAH", "₸": "KZT",
    "zł": "PLN", "руб": "RUB", "р.": "RUB", "тенге": "KZT",
}  # fmt: skip
_CODE = re.compile(r"\b([A-Z]{3})\b")
_LABEL = re.compile(r"(currency|валюта|währung)[^:]*[:\s]\s*(.{1,20})", re.I)
_WITHOUT = re.compile(
    r"без\s+(учета\s+)?ндс|excl(uding|\.)?\s+vat|ex(cl)?\.?\s*vat|without vat|net of vat", re.I
)
_WITH = re.compile(
    r"\bс\s+(учетом\s+)?ндс|вкл(ючая|\.)?\s*ндс|incl(uding|\.)?\s+vat|with vat", re.I
)


def code_of(text):
    """The currency that a cell means.

    >>> code_of("USD"), code_of("руб., с НДС"), code_of("€"), code_of("42"), code_of("usd")
    ('USD', 'RUB', 'EUR', None, 'USD')
    """
    text = str(text or "").strip()
    if match := _CODE.search(text):
        return match[1]
    if re.fullmatch(r"[a-z]{3}", text):
        return text.upper()
    low = text.lower()
    return next((code for symbol, code in _SYMBOLS.items() if symbol in low), None)


def stated(texts):
    """The currency that the header of the cost says, else a line of the preamble.

    :param list texts: what stands in brackets behind the header, then the lines
    :return: code, or None
    """
    unit, *lines = texts
    if unit and (code := code_of(unit)):
        return code
    for line in lines:
        if (match := _LABEL.search(line)) and (code := code_of(match[2])):
            return code
    return None


def vat(texts):
    """:return: True if the amounts hold VAT, False if not, None where nothing says so

    >>> vat(["Расход (руб., с НДС)"]), vat(["Расход, без учёта НДС"]), vat(["Cost"])
    (True, False, None)
    """
    for text in texts:
        text = text.replace("ё", "е")
        if _WITHOUT.search(text):
            return False
        if _WITH.search(text):
            return True
    return None
