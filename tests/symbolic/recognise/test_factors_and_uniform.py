"""Covariances by their Cholesky factor, products over coordinates, and one distribution beside a uniform one."""

import pytest

from kl_engine.symbolic.recognise.formula_check import check_formula
from kl_engine.symbolic.recognise.sayings.formula_export import to_python

FACTORS = {
    "0.5 * ((chol**2).sum() + m.dot(m) - d) - chol.diagonal().log().sum()": "reverse",
    r"\frac12\left(\mathrm{tr}(L_p^{-\top}L_p^{-1}L_qL_q^\top) + \|L_p^{-1}(\mu_q-\mu_p)\|_2^2 - n\right)"
    r" + \ln\det L_p - \ln\det L_q": "reverse",
    "half = solve_triangular(L_b, L_a, lower=True)\nz = solve_triangular(L_b, m_b - m_a, lower=True)\n"
    "0.5*np.sum(half**2) + 0.5*z @ z - k/2 + np.log(np.diag(L_b)).sum() - np.log(np.diag(L_a)).sum()": "forward",
    "0.5*(torch.trace(torch.cholesky_inverse(L2) @ S1) + (m2-m1) @ torch.cholesky_inverse(L2) @ (m2-m1) - k"
    " + 2*L2.diagonal().log().sum() - S1.logdet())": "forward",
    "0.5*(np.log(np.prod(var_q) / np.prod(var_p)) + np.sum((var_p + (m_p - m_q)**2) / var_q) - dim)": "forward",
    r"\tfrac12\sum_i(\mu_i^2 + \sigma_i^2 - 1) - \log\prod_i\sigma_i": "reverse",
}
UNIFORM = {
    r"\log\frac{\Gamma(\sum_j\alpha_j)}{\Gamma(K)\prod_j\Gamma(\alpha_j)} + \sum_j(\alpha_j-1)(\psi(\alpha_j)-\psi("
    r"\sum_k\alpha_k))": "Dirichlet distributions",
    "ones = torch.ones_like(a)\ntot = a.sum(1)\nkl = tot.lgamma() - a.lgamma().sum(1) - torch.lgamma(ones.sum(1)) + "
    "((a - ones) * (a.digamma() - tot.digamma())).sum(1)": "Dirichlet distributions",
    "log(n) + sum(q*log(q))": "categorical distributions",
    r"\sum_i q_i \ln(n\, q_i)": "categorical distributions",
    "(a-1)*psi(a) + (b-1)*psi(b) + (2-a-b)*psi(a+b) - betaln(a, b)": "beta distributions",
    "theta*log(2*theta) + (1-theta)*log(2*(1-theta))": "Bernoulli distributions",
}


@pytest.mark.parametrize("text", FACTORS)
def test_it_is_proved_for_every_dimension(text):
    check = check_formula(text)
    assert check.is_right and check.direction == FACTORS[text]


@pytest.mark.parametrize("text", UNIFORM)
def test_the_other_one_is_uniform(text):
    check = check_formula(text)
    assert check.is_right and check.family == UNIFORM[text] and check.condition.startswith("p is ")


WRONG = [
    "0.5 * ((chol**2).sum() + m.dot(m) - d) - 2*chol.diagonal().log().sum()",
    "0.5 * (chol.sum() + m.dot(m) - d) - chol.diagonal().log().sum()",
    "0.5 * ((chol**2).sum() + m.dot(m) - 1) - chol.diagonal().log().sum()",
    "0.5*(np.trace(L1) + m @ m - k) - np.log(np.diag(L1)).sum()",
    "0.5*(np.log(np.prod(var_q) / np.prod(var_p)) + np.sum((var_p + (m_p - m_q)**2) / var_p) - dim)",
]


@pytest.mark.parametrize("text", WRONG)
def test_one_change_makes_it_wrong(text):
    assert not check_formula(text).is_right


def test_bits_with_their_constant_written_out():
    text = (
        r"\log_2\frac{\sigma_b}{\sigma_a} + \left(\frac{\sigma_a^2+(\mu_a-\mu_b)^2}{2\sigma_b^2}-\frac12\right)\log_2 e"
    )
    check = check_formula(text)
    assert check.verdict == "up to a factor" and check.match.note == "in bits" and check.constant == 0


def test_a_wrong_beta_is_no_gamma():
    text = "betaln(a2, b2) - betaln(a1, b1) + (a1 - a2)*psi(a1) + (b1 - b2)*psi(b1)"
    assert check_formula(text).family == "beta distributions"


ASKED = ["log(K) - sum(q*log(q))", "sum(q*log(q))", "log(K)/2 + sum(q*log(q))", "log(K) + sum(q*log(q)**2)"]


@pytest.mark.parametrize("text", ASKED)
def test_what_is_off_by_a_constant_of_three_entries_is_no_answer(text):
    with pytest.raises(ValueError, match="no meaning"):
        check_formula(text)


def test_names_with_and_without_a_mark_are_said():
    text = r"\log\frac{\sigma}{\tilde\sigma} + \frac{\tilde\sigma^2+(\tilde\mu-\mu)^2}{2\sigma^2}-\frac12"
    check = check_formula(text)
    assert check.is_right and "Names with a mark are read as those of q, those without as those of p." in check.remarks


@pytest.mark.parametrize("text", [*FACTORS, *UNIFORM])
def test_what_is_taken_away_runs_and_gives_the_number_of_the_page(text):
    check, shown = check_formula(text), []
    exec(compile(to_python(check), "taken", "exec"), {"print": lambda *values: shown.append(values)})
    assert shown[0][0] == pytest.approx(check.comparison.value, rel=1e-9)
    assert shown[1] == pytest.approx((check.comparison.forward, check.comparison.reverse), rel=1e-9)
