"""The signs that keyboards, spreadsheets and word processors put into numbers."""

from __future__ import annotations

import unicodedata

MINUSES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d\u2796\u02d7\u207b\ufe58"
APOSTROPHES = "\u2019\u2018\u02bc\u2032`\u00b4\uff07"
HARD_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"  # never between columns
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202c"
QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb", "\u2018": "\u2019", "$": "$"}
CODES = frozenset(
    ["usd", "eur", "gbp", "jpy", "cny", "chf", "cad", "aud", "nzd", "sek", "nok", "dkk", "isk", "pln", "czk"]
)
CODES |= {
    "huf",
    "ron",
    "bgn",
    "rub",
    "uah",
    "inr",
    "pkr",
    "brl",
    "mxn",
    "ars",
    "clp",
    "cop",
    "zar",
    "krw",
    "twd",
    "hkd",
}
CODES |= {"sgd", "thb", "idr", "myr", "php", "vnd", "ils", "egp", "sar", "aed", "btc", "rmb", "us$", "r$", "a$", "c$"}
CODES |= {
    "nz$",
    "hk$",
    "s$",
    "kr",
    "kr.",
    "zł",
    "kč",
    "ft",
    "lei",
    "лв",
    "руб",
    "руб.",
    "rs",
    "rs.",
    "fr",
    "fr.",
    "sfr.",
}


def is_currency(unit: str) -> bool:
    """Whether it is the sign or the code of a currency."""
    return unit.lower() in CODES or all(unicodedata.category(sign) == "Sc" for sign in unit)
