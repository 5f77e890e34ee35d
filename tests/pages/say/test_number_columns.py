"""Numbers that are written out stand at the right of their columns, words at the left."""

import pandas as pd
import pytest

from pages.ui.say.number_columns import holds_numbers


@pytest.mark.parametrize(
    ("entries", "held"),
    [
        (["4.4372", "0.0000", "−5.1304"], True),
        (["∞", "1e-05", "−∞", ""], True),
        ([1.5, 2], True),
        (["1,521"], True),
        (["centre", "right"], False),
        (["1.0", "no word"], False),
        (["", ""], False),
        (["0.5 ± 0.1"], False),
    ],
)
def test_a_column_holds_numbers_where_every_entry_is_one(entries, held):
    assert holds_numbers(pd.Series(entries)) is held
