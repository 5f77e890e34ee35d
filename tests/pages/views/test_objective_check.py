"""Which expectation?: what the page answers, for what is picked and for what is typed."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import pytest

from kl_engine import GaussianMixture, fit, forward_kl, moment_match
from kl_engine.fits.weighted import Fate
from kl_engine.objectives.catalogue import CATALOGUE, FAMILY
from pages.ui.frame.faults import WORDS
from pages.ui.say.numbers import normal
from pages.ui.state.two_modes import Target
from pages.ui.views.objective_check import charts
from pages.ui.views.objective_check.question import TYPED, Question
from pages.ui.views.objective_check.scene import answered, stances
from pages.ui.views.objective_check.words import where_it_holds
from tests.pages.opening import visit, words
from tests.pages.reading import says
from tests.pages.views.test_formulas import ATTACKS

open_page = partial(visit, "pages/objective_check.py")
SETTING = {"separation": "6", "weight": "0.7", "right": "0.6", "left": "1.4"}
P = GaussianMixture.two_modes(6, 0.7, (0.6, 1.4))


@pytest.mark.parametrize(
    ("text", "canonical", "under", "q"),
    [
        ("KL(p||q)", "**It minimises D(p‖q)**", "the expectation is under **p**", moment_match(P)),
        ("-E_q[log q - log p]", "**Maximising it minimises D(q‖p)**", "under **q**", fit(P, "reverse").q),
        ("F.kl_div(log_p, q)", "D(q‖p)", "under **q**", fit(P, "reverse").q),
        ("CE(q, p)", "E_q[−log p]", "no minimum: q collapses", None),
        ("-H(q)", "−H[q]", "no minimum: q spreads", None),
        (r"\beta KL(q||p) + CE(p, q)", "D(p‖q) + β D(q‖p)", "under **p and q**", None),
    ],
)
def test_the_answer_and_its_demonstration(text, canonical, under, q):
    app = open_page(text=text, **SETTING)
    assert not app.exception and not app.error
    shown = words(app)
    assert canonical in shown and under in shown
    if q:
        assert f"q = {normal(q)}" in shown


def test_bits():
    nats, bits = (words(open_page(text="KL(p||q)", **SETTING, units=units)) for units in ("nats", "bits"))
    value = forward_kl(P, moment_match(P)).value
    assert f"{value:.6f} nats" in nats and f"{value / math.log(2):.6f} bits" in bits


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_entry_of_the_catalogue_is_shown(key):
    app = open_page(objective=CATALOGUE[key].title)
    assert not app.exception and not app.error
    assert CATALOGUE[key].source in words(app)


@pytest.mark.parametrize("text", [*ATTACKS, "E[log p]", "KL(q|p|r)"])
def test_no_text_stops_the_page(text):
    app = open_page(text=text)
    assert not app.exception
    assert app.title[0].value == "What does my loss do?"
    assert len(app.error) == 1


def test_who_is_fitted_is_what_the_engine_says():
    app = open_page(text=r"E_{\rho}[R(h)] + KL(\rho\|\pi)")
    assert not app.error and "under **rho**" in words(app)
    app = open_page(text="max_q H(p)")
    assert not app.error and "nothing in it depends on q" in words(app)


def test_a_fault_of_a_call_is_said_and_its_meaning_answered():
    app = open_page(text="F.kl_div(F.softmax(student, -1), teacher)")
    assert "not a divergence" in app.error[0].value and "D(teacher‖student)" in words(app)


def test_what_is_open_is_asked_and_the_answer_is_used():
    app = open_page(text="F.kl_div(q, p)")
    assert not app.error
    box = next(box for box in app.selectbox if "hold logs" in box.label)
    box.set_value("probabilities").run()
    assert "linear in q" in app.error[0].value


def test_who_is_fitted_is_asked_where_the_names_do_not_say():
    app = open_page(text="KL(a||b)")
    box = next(box for box in app.selectbox if "fitted" in box.label)
    assert "do not say" in box.label and "under **a**" in words(app) and "forward" in words(app)
    box.set_value("a").run()
    assert "reverse" in words(app)


TEXTS = {  # each with the fate that it has
    "(1-w)*KL(p||q) + w*KL(q||p)": Fate.MINIMUM,
    "KL(q||p)": Fate.MINIMUM,
    "CE(q, p)": Fate.COLLAPSE,
    "-H(q)": Fate.SPREAD,
    "H(q)": Fate.COLLAPSE,
    "KL(q||p) - CE(p, q)": Fate.FLIGHT,
    "KL(q||p) - KL(q||p) + CE(p, r)": Fate.CONSTANT,
}


def question_of(text: str, **more) -> Question:
    """The question of a text about the target of SETTING."""
    return Question(Target(*map(float, SETTING.values())), TYPED, text, **{"model": "q", **more})


@pytest.mark.parametrize("text", TEXTS)
def test_the_python_code_reproduces_the_numbers(text, capsys):
    question = question_of(text, scalars=(("w", 0.25),) if "w*" in text else ())
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    shown = answered(question).shown
    assert (shown.fate, space["q"]) == (TEXTS[text], shown.q)
    assert str(shown.forward) in capsys.readouterr().out


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_the_python_of_a_family_reproduces_its_member_and_its_ends(alpha, capsys):
    key = next(key for key, entry in CATALOGUE.items() if entry.text == FAMILY)
    question = Question(Target(*map(float, SETTING.values())), key, FAMILY, alpha=alpha)
    exec(compile(question.to_python(), "<page>", "exec"), {})
    printed, scene = capsys.readouterr().out, answered(question)
    for shown in (scene.member.q, scene.member.value, scene.forward.q, scene.reverse.q, scene.reverse.reverse):
        assert str(shown) in printed


def test_the_python_of_the_page_is_that_of_its_question():
    app = open_page(text="(1-w)*KL(p||q) + w*KL(q||p)", scalar_w="0.25", **SETTING)
    code = next(block.value for block in app.code if block.language == "python")
    question = question_of("(1-w)*KL(p||q) + w*KL(q||p)", scalars=(("w", 0.25),))
    assert code.endswith(question.to_python().strip())
    assert says(words(app), answered(question).shown.q.mean, near=6e-4)


def test_the_picture_is_of_the_question():
    for text, role in (("KL(p||q)", "forward fit"), ("KL(q||p)", "reverse fit"), ("CE(q, p)", charts.OWN)):
        scene = answered(question_of(text))
        rows = charts.fit_chart(scene).data["curves"]
        drawn = rows[rows["role"] == role]
        assert set(rows["role"]) == {"target p", role}
        assert drawn["density"].to_numpy() == pytest.approx(scene.shown.q.pdf(drawn["x"].to_numpy()))


def test_the_chart_draws_the_densities():
    q = moment_match(P)
    table = charts.curve_table(P, {"forward fit": q})
    for role, density in (("target p", P), ("forward fit", q)):
        rows = table[table["role"] == role]
        assert rows["density"].to_numpy() == pytest.approx(density.pdf(rows["x"].to_numpy()))
        assert len(rows) > 90
    import altair as alt

    alt.Chart.from_dict(charts.fit_spec(), validate=False)
    assert set(charts.LABELS) == {"target p", "forward fit", "reverse fit", charts.OWN, charts.GIVEN}


def test_where_what_is_forced_is_seen_on_this_p():
    app = open_page(text="KL(q||p)")
    assert "covers both modes below a separation of 5.60, locks on one mode above" in words(app)
    assert "for every p" in words(open_page(text="KL(p||q)"))
    assert "separation of" not in words(open_page(text="CE(q, p)"))


@pytest.mark.parametrize(("shape", "said"), [
    ((0.7, 1.0, 1.0), "below a separation of 4.35, locks on the right mode above"),
    ((0.7, 0.6, 1.4), "leaves out most of the left mode above"),
])  # fmt: skip
def test_where_it_holds_is_computed(shape, said):
    found = stances(*shape)
    assert said in where_it_holds(found, Target(5.0, *shape))
    for stance in found[1:]:
        sides = [fit(Target(0.0, *shape).at(stance.start + step), "reverse").q for step in (-0.02, 0.02)]
        assert abs(sides[0].mean - sides[1].mean) > 0.5 if stance.jumps else abs(sides[0].mean - sides[1].mean) < 0.2


def test_beta_moves_the_picture_of_a_reward():
    fits = []
    for beta in ("0.1", "0.5", "2"):
        app = open_page(objective="rlhf", scalar_beta=beta, separation="8")
        assert not app.exception and "the gray line is what is given" in words(app)
        fits.append(next(line for line in words(app).splitlines() if line.startswith("Here: q")))
    assert len(set(fits)) == 3
    question = Question(
        Target(8.0, 0.5, 1.0, 1.0), "rlhf", CATALOGUE["rlhf"].text, model="pi", scalars=(("beta", 0.1),)
    )
    sharp, soft = answered(question), answered(replace(question, scalars=(("beta", 2.0),)))
    assert (sharp.verdict.tilt, soft.verdict.tilt) == pytest.approx((10, 0.5)) and sharp.shown.q.std < soft.shown.q.std
    x, p = sharp.shown.q.mean + 0.3, question.target.p
    slopes = [shown.p.log_pdf(x + 1e-4) - shown.p.log_pdf(x) for shown in (sharp.shown, soft.shown)]
    expected = p.log_pdf(x + 1e-4) - p.log_pdf(x)
    reward = -0.5 * ((x + 1e-4 - 4) ** 2 - (x - 4) ** 2) / p.std**2
    assert slopes == pytest.approx([expected + 10 * reward, expected + 0.5 * reward], abs=1e-9)


def test_the_python_of_a_reward_reproduces_its_picture(capsys):
    question = Question(
        Target(8.0, 0.5, 1.0, 1.0), "rlhf", CATALOGUE["rlhf"].text, model="pi", scalars=(("beta", 0.3),)
    )
    exec(compile(question.to_python(), "<page>", "exec"), space := {})
    assert (space["p"], space["q"]) == (answered(question).shown.p, answered(question).shown.q)


def test_what_an_estimator_needs_is_said_of_its_draws():
    shown = words(open_page(text="per_token_kl = torch.exp(ref_logps - logps) - (ref_logps - logps) - 1"))
    assert "samples of π, and log π and log π_ref at them" in shown and "samples of π_ref, never" not in shown


UNJUDGED = (
    r"\frac12\int(\sqrt{p(x)}-\sqrt{q(x)})^2dx",
    "loss = (q.detach() * (q.log() - p.log())).sum()",
    "F.cross_entropy(z1 @ z2.T / tau, torch.arange(n))",
    "W_2(p, q)",
)


@pytest.mark.parametrize("text", UNJUDGED)
def test_of_what_is_not_judged_nothing_is_claimed_of_a_q(text):
    app = open_page(text=text)
    said = words(app)
    assert not app.exception and not app.error
    assert "No best q is drawn" in said and "Neither direction" in said
    assert "as good as any other" not in said and "the best q is" not in said and "q drawn" not in said


def test_the_python_of_what_is_not_judged_prints_what_is_said(capsys):
    question = question_of(UNJUDGED[0], model="")
    exec(compile(question.to_python(), "<page>", "exec"), {})
    assert capsys.readouterr().out.strip() == question.verdict.headline


def test_what_is_held_fixed_is_no_choice_of_what_is_fitted():
    app = open_page(text="KL(sg(q)||p) + KL(q||r)")
    box = next(box for box in app.selectbox if "fitted" in box.label)
    assert not [name for name in box.options if "sg" in name]


def test_the_constant_of_a_diffusion_is_refused_on_the_page():
    app = open_page(text=r"D_{KL}(q(x_T|x_0)\|p(x_T))")
    assert "Nothing in it is fitted" in app.error[0].value


def test_an_answer_for_one_of_two_that_may_be_fitted_says_so():
    assert "as the names do not say which one is" in words(open_page(text="KL(a||b)"))
    assert "as the names do not say which one is" not in words(open_page(text="KL(q||p)"))


@pytest.mark.parametrize("text", ["foo(bar)", "log(", "E_q[", "hello", "x + y", "a = b = c"])
def test_a_text_that_is_refused_is_answered_in_words_and_the_page_goes_on(text):
    app = open_page(text=text)
    assert not app.exception and not any(WORDS in error.value for error in app.error)
    assert any("Next:" in link.proto.label for link in app.main.get("page_link"))
