"""Text to numbers: encodings, separators, decimal commas, and a count of everything that is no number."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine.data.number_tables import MOST_BYTES, MOST_ROWS, NumberTable, read_table


def values(raw: str | bytes, column: int = 0) -> list[float]:
    """The numbers of one column."""
    return table(raw).columns[column].values.tolist()


def table(raw: str | bytes) -> NumberTable:
    """The table of a text."""
    return read_table(raw.encode() if isinstance(raw, str) else raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding, end):
    text = end.join(["größe", "1.5", "-2", "3e2"])
    read = table(text.encode(encoding))
    assert read.columns[0].values.tolist() == [1.5, -2, 300] and read.columns[0].name == "größe"


@pytest.mark.parametrize(
    ("text", "separator", "comma"),
    [
        ("a,b\n1,2.5\n3,4.5", "comma", False),
        ("a;b\n1;2,5\n3;4,5", "semicolon", True),
        ("a\tb\n1\t2,5\n3\t4,5", "tab", True),
        ("a;b\n1;2.5\n3;4.5", "semicolon", False),
        ("a|b\n1|2.5\n3|4.5", "bar", False),
        ("a b\n1 2.5\n3  4.5", "space", False),
        ('"a","b"\n"1","2.5"\n"3","4.5"', "comma", False),
    ],
)
def test_separators_and_decimal_commas(text, separator, comma):
    read = table(text)
    assert (read.separator, read.decimal_comma) == (separator, comma)
    assert [column.name for column in read.columns] == ["a", "b"]
    assert values(text, 0) == [1, 3] and values(text, 1) == [2.5, 4.5]


def test_decimal_commas_in_quotes_between_commas():
    assert values('"1,5","2,5"\n"3,75","4,5"', 0) == [1.5, 3.75] and values('"1,5","2,5"\n"3,75","4,5"', 1) == [
        2.5,
        4.5,
    ]
    # a thousand, or not: left to the person
    assert len(table('"x","y"\n"1,234","1,500"\n"1,234","1,234"').questions[0].readings) == 2


def test_a_first_number_too_large_to_hold_is_no_name():
    column = table("1e400\n1\n2").columns[0]
    assert (column.name, column.infinite, column.values.tolist()) == ("column 1", 1, [1, 2])


def test_rows_of_every_width_are_joined_across_pieces(monkeypatch):
    monkeypatch.setattr("kl_engine.data.number_tables.PIECE", 3)
    monkeypatch.setattr("kl_engine.data.number_tables.LOOKED_AT", 2)
    read = table("a,b\n1,2\n3,x\n4,5\n6\n7\n8\n9,inf,11\n10,y,12")
    assert [column.values.tolist() for column in read.columns] == [[1, 3, 4, 6, 7, 8, 9, 10], [2, 5], [11, 12]]
    found = [(column.missing, column.infinite, column.strange, column.examples) for column in read.columns]
    assert found == [(0, 0, 0, ()), (3, 1, 2, ("x", "y")), (6, 0, 0, ())] and read.rows == 8


def test_the_texts_of_all_cells_are_never_held_at_once(monkeypatch):
    monkeypatch.setattr("kl_engine.data.number_tables.PIECE", 500)
    raw = b"1.25,2.5,3.5,4.5,5.5,6.5,7.5,8.5\n" * 10_000
    tracemalloc.start()
    try:
        assert read_table(raw).rows == 10_000
        assert tracemalloc.get_traced_memory()[1] < 12 * len(raw)
    finally:
        tracemalloc.stop()


def test_one_number_with_a_decimal_comma_on_each_line():
    assert values("1,5\n2,05\n3,75") == [1.5, 2.05, 3.75]


def test_without_a_header_and_with_numbers_on_one_line():
    assert values("1\n2\n3") == [1, 2, 3]
    assert values("1, 2, 3") == values("1 2 3") == values("1;2;3") == [1, 2, 3]
    assert values("waiting,1.5,2,3") == [1.5, 2, 3]


def test_everything_that_is_no_number_is_counted():
    column = table("x\n1\n\nNA\nnan\ninf\n-Infinity\nabc\n1_000\n٣\n2\n$5\n0x10\n1e9999").columns[0]
    assert column.values.tolist() == [1, 1000, 2, 5]
    assert (column.missing, column.infinite, column.strange) == (2, 3, 3)
    assert column.examples == ("abc", "٣", "0x10")
    assert values("x\n1e999\n2\n3") == [2, 3]


def test_spaces_about_a_cell_are_nothing():
    column = table("x ; y\n1 ; NA \n 2; 3,5 \n4 ; n/a").columns[1]
    assert column.name == "y" and column.values.tolist() == [3.5] and (column.missing, column.strange) == (2, 0)


def test_ragged_rows_lose_nothing():
    read = table("a,b\n1,2\n3\n4,5,6")
    assert [column.values.tolist() for column in read.columns] == [[1, 3, 4], [2, 5], [6]]
    assert read.columns[1].missing == 1 and read.rows == 3


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "nothing in it"),
        (b"\n \n\t\n", "nothing in it"),
        (b"\xef\xbb\xbf", "nothing in it"),
        (b"red\ngreen\nblue", "no number in it"),
        (b"PK\x03\x04....", "export one sheet as CSV"),
        (b"\x1f\x8b....", "unpack it first"),
        (b"\x00\x00\x00\x00", "not text"),
        (b"1,2\n" * 3 + b'"3', "row"),
        (b"1," * 300 + b"\n1,", "keep the one column"),
        (b"1\n" * (MOST_ROWS + 2), "more than 2,000,000 lines"),
        (b"\r" * (MOST_ROWS + 2), "more than 2,000,000 lines"),
        (b"1" * (MOST_BYTES + 1), "at most 50 MB"),
    ],
)
def test_what_cannot_be_read_says_why(raw, words):
    if words == "row":  # an open quote: read as it stands
        (question,) = table(raw).questions
        assert read_table(raw, question.readings[1]).columns[0].values.tolist() == [1, 1, 1, 3]
        return
    with pytest.raises(ValueError, match=words):
        read_table(raw)


def test_many_rows():
    x = np.random.default_rng(0).normal(size=40_000)
    text = "\n".join(map(repr, x.tolist()))
    assert np.array_equal(read_table(("x\n" + "\n".join([text] * 5)).encode()).columns[0].values, np.tile(x, 5))


@settings(max_examples=300, deadline=1000)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(str.encode),
        st.text('1,;.\t "\n-eNaif', max_size=80).map(str.encode),
    )
)
def test_fuzz(raw):
    try:
        read = read_table(raw)
    except ValueError as refusal:
        assert str(refusal).endswith(".")
        return
    assert all(np.isfinite(column.values).all() and column.values.size for column in read.columns)


@settings(max_examples=100, deadline=1000)
@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=30))
def test_numbers_survive(x):
    assert values("\n".join(map(repr, x))) == x


def test_digits_of_another_script_are_no_numbers_in_any_line():
    with pytest.raises(ValueError, match="no number in it: it holds '"):
        read_table("\n".join("١٢٣٤٥٦٧٨٩٠").encode())


def test_a_table_of_missing_and_infinite_cells_is_not_called_empty():
    with pytest.raises(ValueError, match="missing or infinite"):
        read_table(b"nan\ninf\n" * 20)
