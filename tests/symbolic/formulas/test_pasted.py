"""What people paste: the signs around a formula, its left side, sums, and the spellings of papers and of code."""

import pytest

from kl_engine.symbolic.formulas.claims import claim_of
from kl_engine.symbolic.formulas.grammar import FormulaError, parse_formula
from kl_engine.symbolic.formulas.refusals import MAX_LENGTH
from kl_engine.symbolic.recognise.findings import Kind, Verdict
from kl_engine.symbolic.recognise.formula_check import check_formula
from kl_engine.symbolic.recognise.meanings import guess_meanings
from tests.cases_pasted import ATTACKS, FORWARD, REVERSE, WRAPPED

BODY = r"\log\frac{\sigma_q}{\sigma_p} + \frac{\sigma_p^2 + (\mu_p-\mu_q)^2}{2\sigma_q^2} - \frac12"
CODE = "log(s2/s1) + (s1**2 + (m1-m2)**2)/(2*s2**2) - 1/2"


@pytest.mark.parametrize(
    ("text", "direction"), [*((t, "forward") for t in FORWARD), *((t, "reverse") for t in REVERSE)]
)
def test_what_papers_and_code_hold(text, direction):
    check = check_formula(text)
    assert check.verdict is Verdict.EQUAL
    assert check.direction == direction
    assert check.is_right
    assert check.proved


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_the_signs_around_a_formula_are_set_aside(wrapped):
    assert check_formula(wrapped.format(BODY)).is_right


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_hostile_text_is_refused(text):
    with pytest.raises(FormulaError) as caught:
        check_formula(text)
    assert len(str(caught.value)) < 300
    if caught.value.at:
        assert 0 <= caught.value.at[0] <= caught.value.at[1] <= len(text)


@pytest.mark.parametrize("left", ["D_{KL}(q\\|p)", "KL(q||p)", r"\mathrm{KL}\left[q(z|x)\,\|\,p(z)\right]", "D(q, p)",
                                  r"D_{\mathrm{KL}}(Q \parallel P)", "KL(N(m_q, s_q) || N(m_p, s_p))"])  # fmt: skip
def test_a_left_side_of_the_other_direction_is_said(left):
    check = check_formula(f"{left} = {BODY}")
    assert check.direction == "forward"
    assert check.contradicts_claim
    assert not check.is_right
    assert any("D(q‖p), but the right side is about D(p‖q)" in remark for remark in check.remarks)
    swapped = left.translate(str.maketrans("pqPQ", "qpQP")).replace("qarallel", "parallel")
    check = check_formula(f"{swapped} = {BODY}")
    assert not check.contradicts_claim
    assert check.is_right


def test_an_index_on_the_left_follows_the_meanings():
    text = rf"D(\mathcal{{N}}_1 \,\|\, \mathcal{{N}}_2) = {BODY.replace('_p', '_1').replace('_q', '_2')}"
    assert check_formula(text).is_right
    assert check_formula(text.replace("N}_1", "N}_3").replace("N}_2", "N}_1").replace("N}_3", "N}_2")).contradicts_claim


def test_a_left_side_with_a_minus():
    text = r"-D_{KL}(q\|p) = \frac12 \sum_{j=1}^J (1 + \log \sigma_j^2 - \mu_j^2 - \sigma_j^2)"
    check = check_formula(text)
    assert (check.verdict, check.match.factor, check.contradicts_claim) == (Verdict.FACTOR, -1, False)
    assert any("−D(q‖p), as it should" in remark for remark in check.remarks)
    assert any("the sign is another" in remark for remark in check_formula(text[1:]).remarks)


@pytest.mark.parametrize(
    "left", ["a + b", "__import__('os')", r"\input{x}", "D(", "D(p||q) + 1", "(" * 90, "a / b", "x.__class__"]
)
def test_a_left_side_that_is_no_name_is_refused(left):
    with pytest.raises(FormulaError):
        check_formula(f"{left} = {CODE}")


@pytest.mark.parametrize(
    "left", ["x", "q.kl", "loss_2", "self.losses['kl']", r"\mathcal{L}(\theta)", "F[q]", "a, b", "kl: float"]
)
def test_any_name_on_the_left_is_set_aside(left):
    assert check_formula(f"{left} = {BODY if chr(92) in left else CODE}").is_right


def test_claims_by_their_shape():
    assert claim_of("kl_loss ") is None and claim_of("a + b") is None
    assert claim_of("KL(a||b)").first == "a"
    assert claim_of("KL(q || N(0, 1))").second == "p"


def test_a_sum_counts_every_coordinate():
    whole = check_formula("0.5*(np.sum(s**2) + np.sum(m**2) - np.sum(np.log(s**2)) - d)")
    assert whole.is_right
    short = check_formula("0.5*(np.sum(s**2) + np.sum(m**2) - np.sum(np.log(s**2)) - 1)")
    assert short.only_one_dimension
    assert not short.is_right
    assert "only in one dimension" in short.headline
    mean = check_formula("-0.5 * torch.mean(1 + logvar - mu**2 - logvar.exp())")
    assert mean.averaged and not mean.is_right and "divided by their number" in mean.headline
    assert check_formula("torch.mean(-0.5 * torch.sum(1 + logvar - mu**2 - logvar.exp(), dim=1), dim=0)").is_right


@pytest.mark.parametrize("constant", ["1e-6", "0.123456789", "math.pi", "log(3)", "3", "np.log(2*np.pi)/2"])
def test_a_constant_outside_the_sum_is_one_in_every_dimension(constant):
    found = check_formula(f"0.5 * torch.sum(mu**2 + std**2 - 1 - torch.log(std**2)) + {constant}")
    assert found.verdict is Verdict.CONSTANT and not found.only_one_dimension
    inside = check_formula(f"0.5 * torch.sum(mu**2 + std**2 - 1 - torch.log(std**2) - 2*{constant}) + {constant}")
    assert inside.verdict is Verdict.EQUAL and inside.only_one_dimension


def test_what_has_two_readings_is_said():
    check = check_formula(r"\ln\sigma_2/\sigma_1 + \frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2} - 1/2")
    assert check.is_right
    assert any(r"\ln\sigma_2/\sigma_1 is read as the ln of the quotient" in remark for remark in check.remarks)
    halved = parse_formula(r"1/2 \sigma_1 + \log(\sigma_2)/\sigma_1")
    assert len(halved.notes) == 2


def test_two_names_of_one_quantity_are_asked_about():
    text = CODE.replace("s1**2", "sigma_1**2")
    with pytest.raises(FormulaError, match="s1 and σ_1 would both be the standard deviation of p"):
        check_formula(text)
    said = check_formula(text, guess_meanings(parse_formula(text).names))  # somebody says that they are one
    assert said.is_right
    assert "s1 and σ_1 both mean the standard deviation of p: they are taken as equal." in said.remarks
    assert not check_formula(CODE).remarks


@pytest.mark.parametrize("extra", ["abs(m1-100) + m1 - 100", "abs(s1-99) + s1 - 99", "exp(-2000*s2)*m1**2/s2**2"])
def test_agreement_at_ordinary_scales_is_refuted_at_others(extra):
    check = check_formula(f"{CODE} + {extra}")
    assert check.verdict is Verdict.NEITHER
    assert not check.is_right
    assert check.explanation.kind is Kind.SCALE
    assert abs(check.comparison.value - check.comparison.forward) > 1e-9
    assert check.proof.startswith("Counterexample")


def test_without_proof_it_is_said_what_was_tried():
    check = check_formula(f"{CODE} + exp(-9000)*m1")
    assert not check.is_right
    assert "7 random points and 10 of extreme scale" in check.proof


def test_digits_lost_beside_a_large_number_are_found_again():
    check = check_formula(f"{CODE} + exp(256)**2 - exp(256)*exp(256)")
    assert check.is_right


@pytest.mark.parametrize(("text", "name"), [("log2(s2/s1) + (s1**2 + (m1-m2)**2)/(2*s2**2) - 1/2", "log_base_two"),
    (r"\log_2\frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2+(\mu_1-\mu_2)^2}{2\sigma_2^2} - \frac12", "log_base_two"),
    (CODE.replace("(m1-m2)**2", "(m1-m2)"), "mean_not_squared"), (CODE.replace("s1**2 +", "s1 +"), "variance_is_std"),
])  # fmt: skip
def test_common_mistakes_are_named(text, name):
    assert check_formula(text).explanation.name == name


def test_the_variational_autoencoder_is_named():
    check = check_formula("-0.5*sum(1+logvar-mu**2-exp(logvar))")
    assert check.is_right
    assert check.direction == "reverse"
    assert check.condition == "p = N(0, 1)"
    assert any("variational autoencoder" in remark for remark in check.remarks)


def test_places_are_those_of_the_text_that_was_pasted():
    text = r"$D(p\|q) = μ_1 + \foo{σ_2}$"
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert text[slice(*caught.value.at)] == r"\foo"
    text = "½·σ₁² + bad(μ)"
    with pytest.raises(FormulaError) as caught:
        parse_formula(f"KL = 0.5*σ**2 + bad({text[0]})")
    assert caught.value.at is not None


def test_nothing_longer_than_the_limit_is_looked_at():
    with pytest.raises(FormulaError, match="10002 characters"):
        parse_formula("$" + "½" * 10_000 + "$")
    assert parse_formula("√σ" + "²" + " " * (MAX_LENGTH - 3)).names == ("sigma",)
