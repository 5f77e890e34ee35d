"""Bytes of a file to text: by its byte order mark, else UTF-8, else UTF-16 by its zeros, else Windows-1252."""

from __future__ import annotations

import codecs
from typing import NamedTuple

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a file that is no text begins with, and what to do with it.
NOT_TEXT = (
    (
        b"PK\x03\x04",
        "an Excel workbook or a zip archive: copy its cells and paste them here, or export one sheet as CSV",
    ),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: copy its cells and paste them here, or export one sheet as CSV"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"%PDF", "a PDF: export the numbers as CSV"),
    (b"PAR1", "a Parquet file: export one column as CSV"),
    (b"\x89PNG", "a picture"),
    (b"\x93NUMPY", "a NumPy file: save it with numpy.savetxt"),
)
SAMPLE = 4096  # bytes


class Decoded(NamedTuple):
    """The text, and the encoding that it was in."""

    text: str
    encoding: str


def decode(raw: bytes) -> Decoded:
    """The text of a file. Raises ValueError when it is none, saying what it seems to be."""
    for mark, what in NOT_TEXT:
        if raw.startswith(mark):
            raise ValueError(f"This is {what}.")
    encodings = [encoding for mark, encoding in MARKS if raw.startswith(mark)][:1] or _guesses(raw)
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return Decoded(text, encoding)
    raise ValueError("This is not text: save the numbers as CSV, in UTF-8.")


def _guesses(raw: bytes) -> list[str]:
    """Encodings to try, the most telling first."""
    sample = raw[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 8:  # digits and signs in UTF-16 have a zero in every second byte
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]
