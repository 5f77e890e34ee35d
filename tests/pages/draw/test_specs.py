"""What a picture accepts: exactly the datasets that its spec reads."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from pages.ui.draw.specs import Picture, constant_spec, datasets_read, kept

ROWS = pd.DataFrame({"x": [1.0]})


def spec(*layers: alt.Chart, expression: str | None = None) -> dict:
    """A small spec of these layers, with a signal of this expression."""
    chart = alt.layer(*layers)
    return constant_spec(chart.add_params(alt.param(name="top", expr=expression)) if expression else chart, 100)


def reads(name: str) -> alt.Chart:
    """A layer that draws a dataset."""
    return alt.Chart(alt.NamedData(name)).mark_point().encode(x="x:Q")


INLINE = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule().encode(x="x:Q")


def test_the_datasets_read_are_those_of_layers_and_lookups_and_not_what_a_spec_holds():
    looking = reads("a").transform_lookup("x", from_=alt.LookupData(alt.NamedData("b"), key="x", fields=["y"]))
    assert datasets_read(spec(looking, INLINE, alt.layer(reads("c"), kept("d")))) == {"a", "b", "c", "d"}


@pytest.mark.parametrize("handed", [{}, {"a"}, {"b"}, {"a", "b", "c"}])
def test_one_dataset_too_many_or_too_few_is_refused(handed):
    with pytest.raises(ValueError, match=r"data: expected the datasets that the spec reads, \['a', 'b'\], got"):
        Picture(spec(reads("a"), reads("b")), dict.fromkeys(handed, ROWS), "")


def test_a_dataset_that_only_an_expression_looks_into_is_refused():
    with pytest.raises(ValueError, match=r"spec: expected a layer that reads each dataset .*, got \['frame'\]"):
        Picture(spec(reads("a"), expression="data('frame')[0].top"), {"a": ROWS, "frame": ROWS}, "")
    Picture(spec(reads("a"), kept("frame"), expression="data('frame')[0].top"), {"a": ROWS, "frame": ROWS}, "")


def test_it_is_drawn_with_its_data_and_the_spec_stays_as_it_was():
    class Place:
        def vega_lite_chart(self, filled, **options):
            self.drawn = filled, options

    place, constant = Place(), spec(reads("a"))
    Picture(constant, {"a": ROWS}, "One point.").draw(place, key="here")
    filled, options = place.drawn
    assert filled["datasets"] == {"a": ROWS} and "datasets" not in constant
    assert options == {"alt": "One point.", "width": "stretch", "key": "here"}
