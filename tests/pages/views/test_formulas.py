"""The pages on which a person types: what they answer, and that nothing typed stops or runs."""

from __future__ import annotations

import pytest

from pages.ui.say.numbers import NATS_IN
from pages.ui.views.check_formula import question as check
from pages.ui.views.check_formula import words as check_words
from pages.ui.views.check_formula.scene import answered as checked
from pages.ui.views.explore_formula import question as explore
from pages.ui.views.explore_formula.scene import answered as explored_in
from tests.pages.opening import visit, words

ATTACKS = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "9**9**9**9",
    "(" * 400 + "1" + ")" * 400,
    "lambda: 1",
    "<script>alert(1)</script>",
    "![x](http://example.org/x.png)",
    "$\\input{/etc/passwd}$",
    "\x00",
    "٣ + ５",
    "",
]


@pytest.mark.parametrize(
    ("formula", "answer"),
    [
        ("log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2", "✓ It is equal to D(p‖q)"),
        ("log(s1/s2) + (s2**2 + (m1 - m2)**2)/(2*s1**2) - 1/2", "✓ It is equal to D(q‖p)"),
        ("-0.5 * (1 + logvar - mu**2 - exp(logvar))", "✓ It is equal to D(q‖p)"),
        (r"\log\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2 + (\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12", "✓"),
        ("log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2)", "≈"),
        ("log(s2/s1) + (s1 + (m1 - m2)**2)/(2*s2) - 1/2", "✗"),
    ],
)
def test_the_answer_to_a_formula(formula, answer):
    app = visit("pages/check_formula.py", formula=formula)
    assert not app.exception
    assert answer in words(app)


def test_a_small_difference_is_seen_in_the_counterexample():
    app = visit("pages/check_formula.py", formula="0.5*(mu**2 + sigma**2 - log(1e-8 + sigma**2) - 1)")
    (table,) = (element.value for element in app.markdown if "| the formula |" in element.value)
    rows = [line.split("|")[2].strip(" *") for line in table.splitlines()[2:]]
    assert len(set(rows)) == 3
    app = visit("pages/check_formula.py", formula="log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2")
    assert "1.344535**" in words(app)


def test_what_a_symbol_means_can_be_changed():
    app = visit("pages/check_formula.py", formula="log(s2/s1)/2 + (s1 + (m1 - m2)**2)/(2*s2) - 1/2")
    for box in app.selectbox:
        if box.key.startswith("quantity_s"):
            box.set_value("variance")
    app.run()
    assert "✓ It is equal to D(p‖q)" in words(app)


@pytest.mark.parametrize("text", ATTACKS)
def test_no_formula_stops_the_page(text):
    app = visit("pages/check_formula.py", formula=text)
    assert not app.exception
    assert len(app.error) == 1 and "http" not in app.error[0].value.replace("\\", "").split("(")[-1]


@pytest.mark.parametrize("text", [*ATTACKS[:-1], "sigma_p", "mu_q", "0", "-1", "1e400", "1/0"])
@pytest.mark.parametrize("place", ["set_sigma_q", "at_sigma_q"])
def test_no_setting_stops_the_explorer(text, place):
    app = visit("pages/explore_formula.py", **{place: text[:30]})
    assert not app.exception
    assert app.title[0].value == "Explore a formula"


def test_equal_means_and_the_minimum_over_the_width():
    app = visit("pages/explore_formula.py", set_mu_q="mu_p", by="sigma_q", at_sigma_p="1", at_sigma_q="2")
    text = "\n".join(element.value for element in app.markdown)
    assert r"\sigma_{q} = \sigma_{p}" in text
    assert "0.318147180559945** nats" in text and "0.806852819440055** nats" in text


def test_large_numbers_keep_their_size():
    place = {"at_mu_p": "0", "at_sigma_p": "1", "at_mu_q": "1000000", "at_sigma_q": "1/3000000"}
    assert "4.5000000000045e+24** nats" in words(visit("pages/explore_formula.py", **place))


@pytest.mark.parametrize("extra", ["abs(m1-100)+m1-100", "exp(-9000)*m1"])
def test_agreement_without_proof_gets_no_check_mark(extra):
    app = visit("pages/check_formula.py", formula=f"log(s2/s1) + (s1**2 + (m1 - m2)**2)/(2*s2**2) - 1/2 + {extra}")
    assert "✓" not in words(app)


def test_a_meaning_belongs_to_its_formula():
    app = visit("pages/check_formula.py", formula="(m1-m2)**2/(2*s**2)")
    app.text_area(key="formula").set_value("log(s/s1) + (s1**2 + (m1-m)**2)/(2*s**2) - 1/2").run()
    assert "✓ It is equal to D(p‖q)" in words(app)


@pytest.mark.parametrize("text", [*ATTACKS, "[a](http://x)", "μ_p; <b>"])
def test_nothing_typed_is_shown_as_markup(text):
    app = visit("pages/explore_formula.py", set_sigma_q=text[:30])
    assert not app.exception
    shown = [element.value for element in (*app.markdown, *app.warning, *app.caption)]
    assert not any("<script>" in value or "](http" in value for value in shown)


def test_a_refusal_of_both_forms_is_said_once():
    app = visit("pages/explore_formula.py", set_sigma_q="-2")
    assert len(app.warning) == 1 and "must be" in app.warning[0].value


def test_settings_that_refer_to_each_other_are_resolved():
    app = visit("pages/explore_formula.py", set_sigma_p="sigma_q", set_sigma_q="σ_p", set_mu_q="2", set_mu_p="μ_q")
    assert not app.warning
    assert sum("$$\n0\n$$" in element.value for element in app.markdown) == 2


def test_the_categorical_is_tied():
    app = visit("pages/explore_formula.py", formula="categorical", at_theta_1_p="0.3", by="theta_1_q")
    assert any("sum to 1" in caption.value and "θ" in caption.value for caption in app.caption)
    assert [box.label for box in app.text_input][:4] == ["$θ_{1,p}$", "$θ_{2,p}$", "$θ_{1,q}$", "$θ_{2,q}$"]


def test_one_notation_on_the_page():
    app = visit("pages/explore_formula.py", set_mu_q="mu_p", by="sigma_q")
    shown = words(app) + "".join(box.label for box in (*app.text_input, *app.selectbox))
    outside = "".join(shown.split("$$")[::2])
    assert "||" not in outside and "sigma_q" not in outside and "mu_p" not in outside
    assert "D(p‖q)" in outside and "σ_q" in outside


@pytest.mark.parametrize("page", ["check_formula", "explore_formula"])
def test_it_can_be_taken_away(page):
    app = visit(f"pages/{page}.py")
    labels = [button.proto.label for button in app.get("download_button")]
    assert {"LaTeX", "Markdown", "Python"} <= set(labels)


def test_a_claim_that_does_not_hold_gets_a_cross():
    formula = "KL(q||p) = log(s_q/s_p) + (s_p**2 + (m_p - m_q)**2)/(2*s_q**2) - 1/2"
    text = words(visit("pages/check_formula.py", formula=formula))
    assert "✗ It is equal to D(p‖q), not what its left side says" in text and "✓" not in text


def test_what_was_explored_is_there_again():
    app = visit("pages/explore_formula.py", set_mu_q="mu_p", by="sigma_q")
    app.switch_page("pages/glossary.py").run()
    app.query_params.clear()
    app.switch_page("pages/explore_formula.py").run()
    assert app.text_input(key="set_mu_q").value == "mu_p"
    assert app.selectbox(key="by").value == "sigma_q"


@pytest.mark.parametrize("formula", check.EXAMPLES.values())
def test_the_python_of_a_check_reproduces_its_answer_and_its_numbers(formula, capsys):
    question = check.Question(formula, check.guessed(formula))
    exec(compile(question.to_python(), "<page>", "exec"), {})
    printed, found = capsys.readouterr().out, checked(question).check
    assert printed.startswith(found.headline)
    for number in (found.comparison.value, found.comparison.forward, found.comparison.reverse):
        assert repr(number) in printed
    app = visit("pages/check_formula.py", formula=formula)
    assert any(block.value.endswith(question.to_python().strip()) for block in app.code)


def test_a_changed_meaning_is_another_question():
    app = visit("pages/check_formula.py", formula="(m1-m2)**2/(2*s**2)")
    boxes = {box.key.split("_")[1]: box for box in app.selectbox if box.key.startswith("quantity")}
    before = app.session_state["question"]
    boxes["s"].set_value("variance").run()
    after = app.session_state["question"]
    assert dict(row[:2] for row in before.meanings)["s"] == "standard deviation"
    assert dict(row[:2] for row in after.meanings)["s"] == "variance"
    assert before.to_python() != after.to_python()
    assert not any(key.startswith("owner") for key in app.query_params)  # what is guessed is not in the address


ASKED = [
    explore.Question("gaussians", (("mu_q", "mu_p"),), "sigma_q", (("sigma_p", "1"), ("sigma_q", "2"))),
    explore.Question("poisson", (), None, (("lambda_p", "1"), ("lambda_q", "1/3"))),
    explore.Question("gaussians", (("sigma_q", "-1"),), None, ()),
]


@pytest.mark.parametrize("question", ASKED)
def test_the_python_of_an_exploration_reproduces_its_values_and_refusals(question, capsys):
    exec(compile(question.to_python(), "<page>", "exec"), {})
    printed = capsys.readouterr().out
    for explored in explored_in(question).explored:
        if not explored.found:
            assert explored.refusal in printed
        else:
            assert str(explored.found.value.value) in printed
    query = {f"set_{name}": text for name, text in question.settings}
    query |= {f"at_{name}": text for name, text in question.numbers} | ({"by": question.by} if question.by else {})
    app = visit("pages/explore_formula.py", formula=question.key, **query)
    assert app.session_state["question"] == question
    assert app.code[0].value.endswith(question.to_python().strip())


VAE = "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())"
DISTILLATION = "F.kl_div(F.log_softmax(student, -1), F.softmax(teacher, -1), reduction='batchmean')"


def links(app) -> list[str]:
    """The addresses of the links on the page, with what they carry, but for those of the navigation."""
    return [str(element.proto) for element in app.get("page_link") if 'query_string: ""' not in str(element.proto)]


def test_one_box_takes_both_and_each_view_sends_the_text_on():
    boxes = [visit(f"pages/{page}.py").text_area[0].label for page in ("check_formula", "objective_check")]
    assert boxes == ["Paste a loss or a formula"] * 2
    app = visit("pages/check_formula.py", formula=DISTILLATION)
    assert not app.error and app.info[0].value.startswith("Forward")
    assert "This is an objective, not a closed form." in words(app)
    assert any("objective=typed" in link and "student" in link for link in links(app))
    app = visit("pages/objective_check.py", text=VAE)
    assert not app.error and "A closed form." in app.info[0].value and "D(q‖p)" in app.info[0].value.replace("\\", "")
    assert "reverse" in words(app) and any("formula=" in link and "logvar" in link for link in links(app))


def test_what_neither_reader_takes_is_refused_by_the_one_that_it_is_for():
    app = visit("pages/check_formula.py", formula="E[log p - log q]")
    assert "No distribution under" in app.error[0].value
    app = visit("pages/objective_check.py", text="log(s2/s1) + (s1 + (m1 - m2)**2)/(2*s2) - 1/2")
    assert len(app.error) == 1 and "neither" in app.info[0].value


def test_of_branches_that_differ_the_one_that_is_meant_is_asked_for_and_no_symbol():
    text = "if wide:\n    kl = 0.5*(mu**2 + s**2 - 1 - 2*log(s))\nelse:\n    kl = 0.5*(m1**2 + v2 - 1)"
    app = visit("pages/check_formula.py", formula=text)
    assert "paste the branch" in app.error[0].value and not app.info and not app.selectbox


@pytest.mark.parametrize("name", ["Textbook", "In bits"])
def test_the_unit_of_the_page_converts_all_values_of_a_checked_formula(name):
    """A formula in nats and one in bits are both equal to D(p‖q), in either unit of the page."""
    text = check.EXAMPLES[name]
    scene = checked(check.Question(text, check.guessed(text)))
    for units in ("nats", "bits"):
        number, forward, reverse = check_words.values(scene, units)
        assert number == pytest.approx(forward, rel=1e-12)
        assert forward == pytest.approx(scene.check.comparison.forward / NATS_IN[units], rel=1e-12)
        assert reverse == pytest.approx(scene.check.comparison.reverse / NATS_IN[units], rel=1e-12)
        assert f"in {units} |" in check_words.numbers(scene, units) and units in check_words.lead(scene, units)[1]
        assert ("as written" in check_words.numbers(scene, units)) == (check_words.own_unit(scene) != units)
