"""Claims: every verdict is what the engine finds, and every number of a sentence is a result."""

from __future__ import annotations

import ast
import importlib
import json
import re
from string import Formatter
from types import SimpleNamespace

import numpy as np
import pytest

from kl_engine import Estimate, Gaussian, fit
from pages.ui.frame.shell import PAGES
from pages.ui.state.fields import Field
from pages.ui.views.claims import charts, stage, tables, words
from pages.ui.views.claims.argument import CLAIMS, STEPS
from pages.ui.views.claims.argument.claim import AT, EDGE, dial
from pages.ui.views.claims.argument.routes import ROUTES, neighbours, stop_of
from pages.ui.views.claims.argument.source import python_of
from pages.ui.views.claims.argument.verdicts import CLOSE, FALSE, HOLDS, WHEN, judged, states
from pages.ui.views.claims.question import ANYWHERE, NAMED, OPENS_ON, Question, is_said
from pages.ui.views.claims.scene import AT_ONCE, answered, is_told, places_of, tried, verdict_of
from pages.ui.views.lessons.question import LESSONS, sliders_of
from tests.pages.opening import press, visit
from tests.test_architecture import ROOT, imports, module_name, within

SCRIPT = "pages/claims.py"
DIGIT = re.compile(r"[0-9]")
NEAR = 1e-3  # of the dial's range: so close to an edge the claim must have its two truths


def staged(app):
    """What the stage is told."""
    told = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return next(each for each in told if "now" in each)


every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


@every_claim
def test_the_predicate_has_its_truths_on_both_sides_of_every_edge(claim):
    verdict, whole = verdict_of(claim.key), claim.counts
    apart = 0.5 if whole else NEAR * (claim.dial.high - claim.dial.low)
    for i, edge in enumerate(verdict.edges):
        assert claim.is_true_at(edge - apart) == verdict.is_true(i)
        assert claim.is_true_at(edge + apart) == verdict.is_true(i + 1)
    assert (verdict.kind == WHEN) <= bool(verdict.edges)


@every_claim
def test_the_verdict_is_that_of_a_finer_walk_along_the_dial(claim):
    """At places that the search for the edges has not looked at."""
    verdict = verdict_of(claim.key)
    for place in np.linspace(claim.dial.low, claim.dial.high, 20)[1:-1].tolist():
        at = claim.dial.nearest(place)
        piece = sum(at > edge for edge in verdict.edges)
        assert claim.is_true_at(at) == verdict.is_true(piece), at


@every_claim
def test_a_counterexample_is_one(claim):
    verdict = verdict_of(claim.key)
    assert (verdict.against is None) == (verdict.kind == HOLDS)
    if verdict.against is not None:
        assert not claim.is_true_at(verdict.against) and claim.dial.nearest(verdict.against) == verdict.against


@every_claim
def test_texts_name_no_number_that_is_not_a_result(claim):
    for text in claim.texts:
        assert not [literal for literal, *_ in Formatter().parse(text) if DIGIT.search(literal)], text
        assert DIGIT.search(text) is None


SPELLED = re.compile(
    r"\b(?:f(?:our|ive|ifty|orty|ifth)|s(?:ix|even)|eight|nine|ten|eleven|twelve|t(?:wen|hir)ty|hundred|thousand)"
    r"(?:s|ths?)?\b|\bquarters?\b",
    re.IGNORECASE,
)


def numbers_named(text: str) -> list[str]:
    """The numbers that a template states on its own account, in digits or spelled; up to three is a form of speech."""
    literals = [literal for literal, *_ in Formatter().parse(text)]
    return [found for literal in literals for found in (*DIGIT.findall(literal), *SPELLED.findall(literal))]


@every_claim
def test_words_spell_no_number_that_is_not_a_result(claim):
    assert not [found for text in (*claim.texts, claim.dial.help) for found in numbers_named(text)]


@pytest.mark.parametrize(
    "planted", ["They part at 5.6.", "Two modes, seven apart.", "A fifth of it.", "It costs {value}, or forty more."]
)
def test_a_number_that_is_typed_into_the_words_would_be_seen(planted):
    assert numbers_named(planted) and not numbers_named(CLAIMS["locks"].why)


def test_two_sentences_say_why():
    counts = {claim.key: len(re.findall(r"[.!?](?=\s|$)", claim.why)) for claim in CLAIMS.values()}
    assert set(counts.values()) == {2}, counts


@every_claim
def test_a_claim_has_a_proof_or_says_what_it_rests_on_instead(claim):
    assert bool(claim.proof) != bool(claim.unproved)
    scene = answered(Question(claim.key, claim.dial.default))
    assert ("Computed, not proved: " in words.ground(scene, "nats", True)) == (claim.proof is None)
    parts = {name: getattr(claim, name) for name in claim.__dataclass_fields__ if name != "kinds"}
    with pytest.raises(ValueError, match="proof"):
        type(claim)(**parts | {"proof": None, "unproved": ""})


def test_the_height_of_p_at_the_peak_of_q_is_told_against_its_highest():
    for separation in (2.1, 2.5, 4.0, 8.0):
        found = CLAIMS["middle"].measure(separation)
        x = np.linspace(0, separation, 400_001)
        assert found["level"] == pytest.approx(found["p"].pdf(0.0) / found["p"].pdf(x).max(), abs=1e-9)


@every_claim
def test_every_number_that_is_measured_is_shown_and_every_one_shown_is_measured(claim):
    results = claim.measure(claim.dial.default)
    measured = {name for name, value in results.items() if isinstance(value, Estimate | float | int | str)}
    assert measured == set(claim.kinds)


@every_claim
def test_its_python_prints_what_is_measured(claim, capsys):
    exec(compile(python_of(claim.measure, claim.dial.default), claim.key, "exec"), {})
    printed = capsys.readouterr().out
    for name, value in claim.measure(claim.dial.default).items():
        if isinstance(value, Estimate | float | int):
            assert f"{name} = {value}\n" in printed


@every_claim
@pytest.mark.parametrize("units", ["nats", "bits"])
def test_it_can_be_said_and_drawn_at_every_state(claim, units):
    ends = {claim.dial.low, claim.dial.high, claim.dial.default, *states(claim)[::8]}
    found = verdict_of(claim.key)
    for at in ends:
        scene = answered(Question(claim.key, at))
        said = [f(scene, units) for f in (words.here, words.why, words.scope, words.numbers)]
        said += [words.verdict(claim, found, scene.holds, units), words.in_short(claim, found)]
        assert all(said) and "nan" not in " ".join(said) and "{" not in " ".join(said)
        picture = charts.picture_of(scene, units)
        assert picture["lines"] and all(low < high for low, high in (picture["view"][:2], picture["view"][2:]))


@every_claim
def test_what_is_shown_under_the_hand_is_what_the_engine_finds_there(claim):
    """At every state: its truth, its sentence and its picture; and between two neighbours on either side of an edge."""
    found = verdict_of(claim.key)
    parts = list(places_of(claim.key, found))
    places = sorted(at for part in parts for at in part)
    assert len(set(places)) == len(places) <= 80 and max(map(len, parts[1:]), default=0) <= AT_ONCE
    assert {claim.dial.low, claim.dial.high, claim.dial.default} <= set(places)
    assert all(claim.dial.nearest(at) == at for at in places)
    blur = CLOSE * (claim.dial.high - claim.dial.low)  # an edge may be a step of the dial itself
    for edge in found.edges:
        below, above = max(at for at in places if at < edge - blur), min(at for at in places if at > edge + blur)
        assert above - below <= (1 + any(abs(at - edge) <= blur for at in places)) * 1.001 * claim.dial.step
        for at in (below, above):
            state, scene = charts.state_of(claim.key, at, "nats"), answered(Question(claim.key, at))
            assert state["holds"] == claim.is_true_at(at) == found.is_true(found.edges.index(edge) + (at > edge))
            assert state["said"] == words.here(scene, "nats") and state["at"] == at


@every_claim
def test_the_picture_moves_with_the_dial(claim):
    places = (claim.dial.low, claim.dial.default, claim.dial.high)
    pictures = [charts.state_of(claim.key, at, "nats")["picture"] | {"alt": ""} for at in places]
    assert len({str(picture) for picture in pictures}) == len(set(places))


def test_the_units_convert_what_a_density_is_over():
    scene = answered(Question("sampled-negative", 64.0))
    nats, bits = (charts.picture_of(scene, units) for units in ("nats", "bits"))
    assert bits["view"][:2] == pytest.approx([x / np.log(2) for x in nats["view"][:2]])
    assert nats["x"].endswith(", nats") and bits["x"].endswith(", bits") and bits["here"] == nats["here"]


def test_a_line_leaves_its_curve_by_less_than_is_seen():
    x = np.arange(0, 4001, 5)
    y = np.rint(4000 * np.exp(-((x - 1800) ** 2) / 2 / 150**2)).astype(int)
    corners = charts.thinned(x, y)
    assert len(corners) < 80 and np.abs(np.interp(x, x[corners], y[corners]) - y).max() <= charts.SEEN


def test_pictures_of_a_claim_share_their_axes_where_one_serves_all_of_them():
    whole = charts.reach_of("locks", "nats")
    assert whole.across[0] < -8 and whole.up[0] == 0 < 0.4 < whole.up[1] < 0.5
    assert charts.reach_of("manifold", "nats").up is None  # from a thickness of 0.01 to one of 1
    assert charts.picture_of(answered(Question("locks", 1.0)), "nats")["view"] == [*whole.across, *whole.up]


def test_what_a_browser_sends_is_checked_like_anything_typed(monkeypatch):
    sent, put = {"at": 5.0, "claim": "locks", "seq": 1}, []
    monkeypatch.setattr(stage.session, "put", put.append)
    monkeypatch.setattr(stage.st, "warning", lambda text: put.append("warned"))
    monkeypatch.setattr(stage.st, "session_state", {stage.KEY: SimpleNamespace(edit=sent), "claim": "locks"})
    for at, then in ((5.0, {"at": 5.0}), (5.013, {"at": 5.0}), (1e9, {"at": 10.0})):
        sent["at"] = at
        stage._take()
        assert put.pop() == then
    for wrong in ({"at": "x"}, {"at": float("nan")}, {"claim": "no"}, {"claim": ["locks"]}, {"seq": None}):
        sent |= {"at": 5.0, "claim": "locks", "seq": 1} | wrong
        stage._take()
        assert put.pop() == "warned"
    sent |= {"at": 5.0, "claim": "zero", "seq": 2}
    stage._take()
    assert not put  # of a claim that is no longer open


def fields_of(script: str, settings: dict[str, str]) -> dict[str, Field]:
    """What can be set on a page, by key, once `settings` say which lesson or story it shows."""
    address = "home" if script == "app.py" else script.removeprefix("pages/").removesuffix(".py")
    question = importlib.import_module(f"pages.ui.views.{address}.question")
    fields = list(getattr(question, "FIELDS", ())) + [f for f in vars(question).values() if isinstance(f, Field)]
    if "lesson" in settings:
        fields += sliders_of(LESSONS[settings["lesson"]])
    if "story" in settings:
        fields += question.fields_of(question.STORIES[settings["story"]])
    return {field.key: field for field in fields}


@every_claim
def test_its_doors_lead_to_pages_that_take_what_is_set_there(claim):
    dial = claim.dial
    assert claim.open_it.title == next(page.title for page in PAGES if page.script == claim.open_it.script)
    for door in filter(None, (claim.open_it, claim.proof)):
        for at in (dial.low, dial.default, dial.high):
            settings = door.settings(at)
            known = fields_of(door.script, settings)
            assert set(settings) <= set(known)
            assert not [note for key, text in settings.items() if (note := known[key].read(text)[1])]


@pytest.mark.parametrize("key", ["locks", "blind"])
def test_a_door_is_a_link(key):
    claim = next(claim for claim in CLAIMS.values() if key in claim.key)
    app = visit(claim.open_it.script, **claim.open_it.settings(claim.dial.default))
    assert not app.exception and not app.warning and not app.error


def test_an_edge_is_known_to_four_digits():
    # Two unit modes of equal weight: the tie and the fold (MATHS 1), the pitch of p itself.
    edges = {key: verdict_of(key).edges for key in ("locks", "from-start", "middle")}
    assert edges["locks"] == pytest.approx((5.6001644352,), abs=1e-5)
    assert edges["from-start"] == pytest.approx((4.8244594360,), abs=1e-5)
    assert edges["middle"] == pytest.approx((2.0,), abs=1e-5)


@pytest.mark.parametrize("separation", [4.85, 6.0])
def test_the_right_one_of_the_minima_is_where_a_run_from_the_right_mode_ends(separation):
    found = CLAIMS["from-start"].measure(separation)
    run = fit(found["p"], "reverse", start=Gaussian(separation / 2, 1.0)).q
    assert (run.mean, run.std) == pytest.approx((found["mean"], found["std"]), abs=1e-6)


def test_a_narrower_kernel_always_fits_its_own_data_better():
    claim = CLAIMS["memory"]
    assert all(claim.measure(at)["own_gain"] > 0 for at in np.linspace(claim.dial.low, claim.dial.high, 15))


def test_a_wrong_verdict_would_be_seen():
    claim = CLAIMS["never-negative"]
    broken = type(claim)(**{name: getattr(claim, name) for name in claim.__dataclass_fields__ if name != "kinds"})
    object.__setattr__(broken, "holds", lambda results: not claim.holds(results))
    assert judged(broken).first != judged(claim).first and judged(broken).edges == judged(claim).edges


@pytest.mark.parametrize(
    ("low", "high", "true", "kind", "edges"),
    [
        (0.0, 1.0, lambda x: True, HOLDS, ()),
        (0.0, 1.0, lambda x: False, FALSE, ()),
        (0.0, 1.0, lambda x: x > 0.4321, WHEN, (0.4321,)),
        (-1.0, 1.0, lambda x: abs(x) < 0.25, WHEN, (-0.25, 0.25)),
        (1.0, 9.0, lambda x: x >= 4, WHEN, (3.5,)),
    ],
)
def test_verdicts_of_truths_that_are_known(low, high, true, kind, edges):
    claim = CLAIMS["zero"]
    parts = {name: getattr(claim, name) for name in claim.__dataclass_fields__ if name != "kinds"}
    step = 1.0 if high == 9 else 0.01
    own = dial("x", low, high, step, low, "")
    made = type(claim)(**parts | {"dial": own, "measure": lambda at: {"at": at}, "holds": lambda r: true(r["at"])})
    found = judged(made)
    assert found.kind == kind and found.edges == pytest.approx(edges, abs=1e-6)
    assert (found.against is None) or not true(found.against)


def test_the_argument_knows_no_screen():
    folder = ROOT / "pages/ui/views/claims/argument"
    for path in folder.glob("*.py"):
        assert not within(imports(path), "streamlit", "altair", "pandas"), module_name(path)
    assert {claim.key for claims in STEPS.values() for claim in claims} == set(CLAIMS)
    assert sum(map(len, STEPS.values())) == len(CLAIMS)


def test_measures_use_only_what_a_person_has():
    for claim in CLAIMS.values():
        tree = ast.parse(python_of(claim.measure, claim.dial.default))
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert {name.split(".")[0] for name in names} <= {"kl_engine", "numpy", "math"}


def test_one_claim_at_a_time_and_its_address_is_its_own():
    app = visit(SCRIPT, claim="triangle", at="1.2")
    assert app.query_params == {"claim": "triangle", "at": "1.2"}
    app = press(app, next(b.label for b in app.button if b.key == "take_locks"))
    assert app.session_state["claim"] == "locks" and app.session_state["at"] == CLAIMS["locks"].dial.default
    app.number_input(key="at").set_value(3.0).run()
    app = press(app, "Next →")
    app = press(app, "← Before")
    assert app.session_state["claim"] == "locks" and app.session_state["at"] == 3.0  # it is kept for each claim
    assert not app.exception


def test_the_verdict_flips_with_the_dial():
    app = visit(SCRIPT, claim="locks", at="8")
    assert staged(app)["now"]["holds"] is True and "** holds" not in app.markdown[0].value
    app.number_input(key="at").set_value(5.0).run()
    assert staged(app)["now"]["holds"] is False and staged(app)["at"] == 5.0


def test_names_of_a_text_must_be_results():
    claim = CLAIMS["zero"]
    parts = {name: getattr(claim, name) for name in claim.__dataclass_fields__ if name != "kinds"}
    with pytest.raises(ValueError, match="texts"):
        type(claim)(**parts | {"why": "It is {nothing_measured}."})
    assert {AT, EDGE} == {"at", "edge"}


every_stop = pytest.mark.parametrize(
    ("route", "stop"),
    [(key, stop) for key, route in ROUTES.items() for stop in route.stops],
    ids=[f"{key}-{stop.claim}" for key, route in ROUTES.items() for stop in route.stops],
)


@every_stop
def test_a_question_is_open_where_its_claim_opens_and_some_step_of_the_dial_answers_it(route, stop):
    claim, dial = tried(stop.claim), CLAIMS[stop.claim].dial
    assert not stop.answered(claim, dial.default)
    steps = round((dial.high - dial.low) / dial.step)
    edges = verdict_of(claim.key).edges
    near = {dial.nearest(edge + k * dial.step) for edge in edges for k in (-1, 0, 1)}
    spread = {dial.nearest(dial.low + round(steps * i / 60) * dial.step) for i in range(61)}
    answers = [at for at in sorted(near | spread) if stop.answered(claim, at)]
    assert answers
    scene = answered(Question(claim.key, answers[0]))
    assert is_told(route, claim.key, answers[0]) and not is_told(route, claim.key, dial.default)
    assert ":green-badge" in words.asked(scene, stop, True, "nats")
    assert "{" not in words.asked(scene, stop, True, "bits") and ":green" not in words.asked(scene, stop, False, "bits")


@every_stop
def test_texts_of_a_route_name_no_number_that_is_not_a_result(route, stop):
    for text in (stop.bridge, stop.asks, stop.reply, ROUTES[route].about, ROUTES[route].onward):
        assert not [literal for literal, *_ in Formatter().parse(text) if DIGIT.search(literal)]
    named = {name for text in (stop.asks, stop.reply) for _, name, _, _ in Formatter().parse(text) if name}
    assert named <= set(CLAIMS[stop.claim].kinds) | {AT}


def test_a_route_goes_from_stop_to_stop_and_its_progress_is_in_the_address():
    app = visit(SCRIPT, route="rlhf", claim="sampled-negative", at="64")
    assert not staged(app)["told"] and not [each for each in app.markdown if "**Why.**" in each.value]
    app.number_input(key="at").set_value(1000.0).run()
    assert staged(app)["told"] and [each for each in app.markdown if "**Why.**" in each.value]
    app = press(app, "Next →")
    assert app.query_params == {"route": "rlhf", "claim": "k-three", "at": "1.5"}
    assert not app.exception
    back = press(visit(SCRIPT, **app.query_params), "← Before")
    assert back.session_state["claim"] == "sampled-negative"


@pytest.mark.parametrize("route", ROUTES)
def test_a_link_to_a_route_begins_it_unless_it_names_a_claim(route):
    first = ROUTES[route].stops[0].claim
    app = visit(SCRIPT, route=route)
    assert staged(app)["claim"] == first and app.query_params["route"] == route and not app.exception
    assert staged(visit(SCRIPT, route=route, claim=ROUTES[route].stops[2].claim))["claim"] != first
    assert staged(visit(SCRIPT, table="true"))["claim"] == OPENS_ON


def test_taking_a_route_begins_it():
    app = visit(SCRIPT)
    next(each for each in app.button_group if each.key == "route").set_value("codes").run()
    assert app.session_state["claim"] == ROUTES["codes"].stops[0].claim and not app.exception


@pytest.mark.parametrize("route", [*ROUTES, "all"])
def test_before_and_next_visit_every_stop_once(route):
    keys = [stop.claim for stop in ROUTES[route].stops] if route in ROUTES else list(CLAIMS)
    seen, key = [keys[0]], keys[0]
    while (following := neighbours(route, key)[1]) != key:
        assert neighbours(route, following)[0] == key
        seen.append(key := following)
    assert seen == keys and len(set(seen)) == len(seen)
    assert all(stop_of(route, key) == (-1, None) for key in set(CLAIMS) - set(keys))


def test_presenting_is_in_the_link_and_changes_nothing_of_the_claim():
    app = visit(SCRIPT, claim="locks", at="8", present="true")
    assert app.query_params == {"claim": "locks", "at": "8", "present": "true"}
    assert app.session_state["question"] == visit(SCRIPT, claim="locks", at="8").session_state["question"]


def test_what_is_said_anywhere_is_found_in_one_step():
    found = {where: [claim for claim in CLAIMS.values() if is_said(claim, where)] for where in NAMED}
    assert found[ANYWHERE] == list(CLAIMS.values())
    assert (
        len(found["active"]) >= 14 and len(found["modes"]) >= 10 and all(len(claims) > 1 for claims in found.values())
    )
    app = visit(SCRIPT, claim="locks", at="8", said="modes")
    taken = {each.key for each in app.button if f"{each.key}".startswith("take_")}
    assert taken == {f"take_{claim.key}" for claim in found["modes"]}


def test_undo_goes_back_to_the_claim_before_and_to_where_its_dial_stood():
    app = visit(SCRIPT, claim="locks", at="8")
    app.number_input(key="at").set_value(7.0).run()
    app = press(press(app, "Next →"), "Undo")
    assert (app.session_state["claim"], app.session_state["at"]) == ("locks", 7.0)
    app = press(app, "Undo")
    assert (app.session_state["claim"], app.session_state["at"]) == ("locks", 8.0) and not app.exception


def test_the_table_has_every_claim_with_its_verdict_and_opens_a_state_of_it_in_one_step():
    app = visit(SCRIPT, table="true")
    said = "\n".join(each.value for each in app.markdown)
    for claim in CLAIMS.values():
        assert f"“{claim.says}”" in said and words.in_short(claim, verdict_of(claim.key)) in said
    assert "**5.600**" in said
    app = next(each for each in app.button if each.key == "open_narrower").click().run()
    assert app.query_params == {"claim": "narrower", "at": "0.8"} and not app.exception
    assert staged(app)["claim"] == "narrower" and staged(app)["now"]["holds"] is False


def test_the_table_is_taken_away_with_a_state_that_shows_each_verdict():
    rows = tables.table_of_claims()
    assert list(rows["claim"]) == list(CLAIMS)
    for row in rows.itertuples():
        kind = verdict_of(row.claim).kind
        assert (kind == FALSE) <= (not CLAIMS[row.claim].is_true_at(row.at))
