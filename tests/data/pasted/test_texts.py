"""What was pasted is what is analysed: each text read right, asked about, or refused by name."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kl_engine.data import read_table
from tests.data.pasted.texts import ASKED, NARROW, NBSP, READ, REFUSED


def columns(text: str, *reading) -> list[list[float]]:
    """The numbers, column by column."""
    return [column.values.tolist() for column in read_table(text.encode(), *reading).columns]


@pytest.mark.parametrize("text", READ)
def test_read_right_and_without_a_question(text):
    assert columns(text) == READ[text]
    assert not read_table(text.encode()).questions


@pytest.mark.parametrize("text", ASKED)
def test_two_readings_are_asked_and_each_can_be_had(text):
    (question,) = read_table(text.encode()).questions
    found = [columns(text, reading)[0] for reading in question.readings]
    assert sorted(found) == sorted(ASKED[text]) and columns(text)[0] == found[0]
    assert len(set(question.labels)) == len(found)
    for numbers, label in zip(found, question.labels):  # both are shown
        assert f"{numbers[0]:.12g}" in label
    assert not any(read_table(text.encode(), reading).questions for reading in question.readings)


@pytest.mark.parametrize("text", REFUSED)
def test_refused_by_name(text):
    with pytest.raises(ValueError, match=".*") as refused:
        read_table(text.encode())
    assert REFUSED[text] in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a;b\nx1;1,5\nx2;2,5", "a: 2 texts (such as x1, x2)"),
        ("day,v\n2020-01-05,1\n2020-01-06,2", "day: 2 dates or times (such as 2020-01-05, 2020-01-06)"),
        ("v\n1\nNA\n#N/A\nabc\n1e999\n2", "v: 2 missing|v: 1 infinite|v: 1 no number (such as abc)"),
        ("1e-999\n1\n2", "column 1: 1 no number (such as 1e-999)"),
        ("5 kg\n6 kg\n7 lb\n8 kg", "column 1: 1 not in kg (such as 7 lb)"),
        ("$5\n$6\n€7\n$8", "column 1: 1 not in $ (such as €7)"),
        ("# by hand\n1\n2", "1 comment line (# by hand)"),
        ("2.3 (0.1)\n4.5 (0.3)", "column 1: 2 in brackets or behind ±"),
        ("1.5 # twice\n2.5", "1 comment line (# twice)"),
        ("\\begin{tabular}{r}\na & b\n1 & 2\n\\end{tabular}", "2 lines of rules or notes"),
        ("Title\na;b\n1;2", "1 line above the table (Title)"),
        ("0x10\n1\n2", "column 1: 1 no number (such as 0x10)"),
        ('"1\n2";3\n4;5', "column 1: 1 no number (such as 1 2)"),
        ("x = [1, 2]\ny = 3", "y: 3, no list"),
        ("[1, np.sqrt(2), 3]", "column 1: 1 no number (such as np.sqrt(…))"),
    ],
)
def test_what_is_left_out_is_named_and_counted(text, said):
    assert "|".join(map(str, read_table(text.encode()).left_out)) == said


FORMATS = {
    "1,234.56": ("{:,.2f}", str),
    "1.234,56": ("{:,.2f}", lambda text: text.translate(str.maketrans(",.", ".,"))),
    "1'234.56": ("{:,.2f}", lambda text: text.replace(",", "'")),
    "narrow": ("{:,.2f}", lambda text: text.replace(".", ";").replace(",", NARROW).replace(";", ",")),
    "1 234,56 €": ("{:,.2f} €", lambda text: text.replace(".", ";").replace(",", NBSP).replace(";", ",")),
    "$": ("${:,.2f}", str),
    "E": ("{:.3e}", str),
    "1234,56": ("{:.2f}", lambda text: text.replace(".", ",")),
}


@pytest.mark.parametrize("how", FORMATS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@settings(max_examples=40, deadline=2000)
@given(st.lists(st.floats(-9e5, 9e5), min_size=3, max_size=12))
def test_every_way_to_write_numbers_one_a_line(how, end, x):
    """Numbers with two decimals, some of them below 1 or above 1,000: read right, or asked with the right one shown."""
    pattern, change = FORMATS[how]
    x = [0.05, 1234.56, *x]
    right = [float(f"{number:.3e}" if how == "E" else f"{number:.2f}") for number in x]
    text = end.join(change(pattern.format(number)) for number in x)
    read = read_table(text.encode())
    found = [columns(text, reading) for question in read.questions for reading in question.readings]
    assert [right] in (found or [columns(text)])


@settings(max_examples=100, deadline=2000)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_lists_of_python_and_numpy_survive(x):
    x = [number for number in x if number == 0 or abs(number) > 1e-300] or [1.5]
    for text in (repr(x), f"x = np.array({x!r})", "\n".join(map(repr, x)), f'{{"a": {x!r}}}', repr((*x, 7.0))):
        found = columns(text) if len(x) > 1 or "[" in text else [x]
        assert found[0][: len(x)] == x, text


def test_a_column_that_counts_rows_or_is_constant_is_not_the_first():
    read = read_table(("id;c;value\n" + "\n".join(f"{i};3;{i % 7},5" for i in range(20))).encode())
    assert [column.counts_rows for column in read.columns] == [True, False, False]
    assert [column.is_constant for column in read.columns] == [False, True, False]
    assert read.columns[read.first].name == "value"


@pytest.mark.parametrize(
    ("x", "counts"),
    [
        (range(10), True),
        (range(1990, 2021), True),
        (np.arange(0, 1, 0.05), True),
        ([1, 2, 3, 5, 6, 7, 8, 9, 10, 11], True),  # some rows are gone
        ([3, 1, 2, 6, 5, 4, 9, 7, 8, 10], True),  # out of order
        ([1, 2, 3], False),
        ([1, 2, 2, 3, 4, 4, 5], False),
        ([1.5, 2.5, 2.0, 7.0, 1.0], False),
        (np.cumsum(np.random.default_rng(0).uniform(1, 2, 50)), False),
    ],
)
def test_which_columns_count_rows(x, counts):
    assert read_table("\n".join(map(str, np.asarray(x).tolist())).encode()).columns[0].counts_rows is counts


def test_a_later_line_decides_for_all():
    early = ["1,234"] * 500
    assert columns("\n".join([*early, "0,5"]))[0][0] == 1.234
    assert columns("\n".join([*early, "1,234,567"]))[0][0] == 1234
    assert math.isclose(columns("\n".join([*early, "1,234.5"]))[0][-1], 1234.5)


def test_an_answer_that_was_not_offered_is_refused():
    with pytest.raises(ValueError, match="reading: expected one of `question.readings`"):
        read_table(b"1,2\n3,4", "comma")
    with pytest.raises(ValueError, match="raw: expected bytes"):
        read_table("1,2")
