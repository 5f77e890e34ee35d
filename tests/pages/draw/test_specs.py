"""What a picture accepts: exactly the datasets that its spec reads."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest

from pages.ui.draw.specs import SCALES, Picture, constant_spec, datasets_read, kept

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


def scaled(kind: str, **said: object) -> alt.Chart:
    """A layer of a dataset on a scale of this kind, with what its axis says."""
    return alt.Chart(alt.NamedData("a")).mark_point().encode(alt.X("x:Q", scale=alt.Scale(type=kind), **said))


@pytest.mark.parametrize(("kind", "name"), SCALES.items())
def test_a_scale_that_is_not_linear_is_called_so_in_a_title(kind, name):
    for silent in ({}, {"title": None}, {"title": "draws"}, {"axis": alt.Axis(title="scale")}):
        with pytest.raises(ValueError, match=rf"title that says .*, got \['x: {name}'\]"):
            Picture(spec(reads("a"), alt.layer(scaled(kind, **silent))), {"a": ROWS}, "")
    for telling in ({"title": f"draws, {name}"}, {"axis": alt.Axis(title=name)}):
        Picture(spec(scaled(kind, title=None), scaled(kind, **telling)), {"a": ROWS}, "")  # one axis, said once
    with pytest.raises(ValueError, match="title"):  # another axis does not say it
        Picture(spec(scaled(kind), reads("a").encode(alt.Y("x:Q", title=name))), {"a": ROWS}, "")
    Picture(spec(scaled("linear"), scaled("utc")), {"a": ROWS}, "")


def test_it_is_drawn_with_its_data_and_the_spec_stays_as_it_was():
    class Place:
        def vega_lite_chart(self, filled, **options):
            self.drawn = filled, options

    place, constant = Place(), spec(reads("a"))
    Picture(constant, {"a": ROWS}, "One point.").draw(place, key="here")
    filled, options = place.drawn
    assert filled["datasets"] == {"a": ROWS} and "datasets" not in constant
    assert options == {"alt": "One point.", "width": "stretch", "key": "here"}


def test_nothing_is_drawn_over_words():
    words, unseen = reads("a").mark_text().encode(text="x:N"), kept("a")
    for over in (INLINE, reads("a"), reads("a").mark_line(), reads("a").mark_area()):
        for layers in ((words, over), (alt.layer(over, words), over, words), (words, alt.layer(words, over), unseen)):
            with pytest.raises(ValueError, match="texts as the last layers, so that nothing is drawn over words"):
                Picture(spec(*layers), {"a": ROWS}, "")
        Picture(spec(reads("a"), over, words, alt.layer(unseen, words), unseen), {"a": ROWS}, "")
