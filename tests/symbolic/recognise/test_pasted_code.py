"""Closed forms as they stand in code and on paper: branches, tables, private names, factors of Cholesky, left sides.

Each text is a spelling of its own for a way of writing that is met in public code; none is copied from any.
"""

import pytest

from kl_engine.symbolic.recognise.formula_check import check_formula

LINE = "np.log(s_b / s_a) + (s_a**2 + (m_a - m_b)**2) / (2 * s_b**2) - 0.5"
SAME = {
    # branches that differ in the dimensions of a sum
    "if reduce_all:\n    kl = -0.5 * torch.sum(1 + lv - mu**2 - lv.exp())\nelse:\n    kl = -0.5 * torch.sum("
    "1 + lv - mu**2 - lv.exp(), dim=1)\nreturn kl": "reverse",
    # a table, and a holder that says whose it is
    "0.5 * (out['logvar_prior'] - out['logvar_post'] + (out['logvar_post'].exp() + (out['mu_post'] - out['mu_prior'])"
    "**2) / out['logvar_prior'].exp() - 1)": "reverse",
    "m_q, s_q = q['mean'], q['std']\nm_p, s_p = p['mean'], p['std']\n"
    "torch.log(s_p / s_q) + (s_q**2 + (m_q - m_p)**2) / (2 * s_p**2) - 0.5": "reverse",
    # private names, a free-bits floor, what is handed to a model
    f"_kl = {LINE}\nreturn _kl.sum()": "forward",
    "kl = -0.5 * (1 + lv - mu**2 - lv.exp()).sum(1)\nreturn torch.max(kl, free_bits * torch.ones_like(kl)).sum()":
        "reverse",
    "per = K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)\nself.add_loss(-0.5 * per)": "reverse",
    "kl = -0.5 * torch.sum(1 + lv - mu.pow(2) - lv.exp())\nmetrics['kl'] = kl * weight\nreturn outs, metrics":
        "reverse",
    "tf.tidy(() => logVar.add(1).sub(mu.square()).sub(logVar.exp()).sum(-1).mul(-0.5))": "reverse",
    # a title in LaTeX inside a comment does not make it LaTeX
    f"kl = {LINE}  # $\\frac{{1}}{{2}}$ less, see eq. ^{{2}}": "forward",
    # matrices
    "_, ld1 = np.linalg.slogdet(S1)\n_, ld2 = np.linalg.slogdet(S2)\n0.5 * (np.trace(np.linalg.inv(S2) @ S1) + "
    "(m2 - m1) @ np.linalg.inv(S2) @ (m2 - m1) - len(m1) + ld2 - ld1)": "forward",
    r"\frac12\left[\log\frac{\|\Sigma_2\|}{\|\Sigma_1\|} - d + \mathrm{tr}(\Sigma_2^{-1}\Sigma_1) + "
    r"(\mu_2-\mu_1)^\top\Sigma_2^{-1}(\mu_2-\mu_1)\right]": "forward",
    "0.5 * (mu' * mu + sum(sd.^2) - d - sum(log(sd.^2)))": "reverse",
    # names of two letters, and a scale that no second one stands beside
    "0.5 * (torch.log(pv) - torch.log(qv) + (qv + (qm - pm)**2) / pv - 1).sum()": "reverse",
    "-0.5 * (1 + 2*log_std - (mean_post - mean_prior)**2 - log_std.exp()**2).sum()": "reverse",
    "p_post * np.log(p_post / p_prior) + (1 - p_post) * np.log((1 - p_post) / (1 - p_prior))": "reverse",
    "p = min(max(p, 1e-9), 1 - 1e-9)\nq = min(max(q, 1e-9), 1 - 1e-9)\nreturn p*log(p/q) + (1-p)*log((1-p)/(1-q))":
        "forward",
    # other families
    r"\ln\frac{\Gamma(a_q)}{\Gamma(a_p)} + (a_p - a_q)\psi(a_p) + a_q\ln\frac{b_p}{b_q} + a_p\frac{b_q - b_p}{b_p}":
        "forward",
    "log(beta(c2, d2) / beta(c1, d1))".replace("c", "a").replace("d", "b")
    + " + (a1 - a2)*digamma(a1) + (b1 - b2)*digamma(b1) + (a2 - a1 + b2 - b1)*digamma(a1 + b1)": "forward",
    # what stands before an equals sign on paper, and the constant e
    r"H(p,q) - H(p) = \frac12\ln(2\pi\sigma_q^2) + \frac{\sigma_p^2 + (\mu_p - \mu_q)^2}{2\sigma_q^2} - "
    r"\frac12\ln(2\pi e\,\sigma_p^2)": "forward",
    r"D_{KL}(p\|q) = \frac12(\mu^2 + \sigma^2 - \log\sigma^2 - 1)": "forward",
    r"D_{KL}(q\|p) = \frac12(\mu^2 + \sigma^2 - \log\sigma^2 - 1)": "reverse",
}  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_it_is_right_as_it_is_pasted(text):
    check = check_formula(text)
    assert check.is_right and check.direction == SAME[text]


def test_a_cholesky_factor_is_read():
    text = (
        "A = np.linalg.cholesky(S1)\nB = np.linalg.cholesky(S2)\nM = np.linalg.solve(B, A)\n"
        "y = np.linalg.solve(B, m2 - m1)\n"
        "0.5 * (np.sum(M**2) + y @ y - k) + np.sum(np.log(np.diag(B))) - np.sum(np.log(np.diag(A)))"
    )
    assert check_formula(text).headline.startswith("It is equal to D(p‖q)")
    assert not check_formula(text.replace("np.sum(M**2)", "np.sum(M)")).headline.startswith("It is equal")


def test_a_function_inside_a_function_is_its_own():
    text = (
        "def kl(m1, S1, m2, S2):\n    def inv_times(B):\n        return np.linalg.solve(S2, B)\n    d = m2 - m1\n"
        "    return (np.trace(inv_times(S1)) + d @ inv_times(d) - len(d) + np.log(np.linalg.det(S2)/np.linalg.det(S1))"
        ")/2"
    )
    check = check_formula(text)
    assert check.is_right and check.direction == "forward"


def test_branches_that_differ_are_not_chosen_between():
    with pytest.raises(ValueError, match="Two branches"):
        check_formula(
            "if a:\n    kl = 0.5*(mu**2 + s**2 - 1) - log(s)\nelse:\n    kl = 0.5*(mu**2 - s**2 - 1) - log(s)"
        )


def test_a_constant_of_each_dimension_is_said_to_be_one():
    text = r"\frac12[\log\frac{|S_2|}{|S_1|} + \mathrm{tr}(S_2^{-1}S_1) + (m_2-m_1)^\top S_2^{-1}(m_2-m_1)]"
    assert check_formula(text).headline == "It is D(p‖q) plus a constant, 1/2 in each dimension."


def test_an_exponential_of_a_name_that_may_be_a_rate_or_a_mean_is_said_in_both():
    headline = check_formula("log(b_q/b_p) + b_p/b_q - 1").headline
    assert "D(q‖p) of two exponential distributions" in headline
    assert "if they are means or scales" in headline and headline.endswith("it is D(p‖q).")


def test_two_shapes_of_a_beta_are_not_one():
    text = "lgamma(a2) + lgamma(b2) - lgamma(a2 + b2) - lgamma(a1) - lgamma(b1) + lgamma(a1 + b1)"
    text += " + (a1 - a2)*digamma(a1) + (b1 - b2)*digamma(b1) + (a2 - a1 + b2 - b1)*digamma(a1 + b1)"
    check = check_formula(text)
    assert check.is_right and not [remark for remark in check.remarks if "taken as equal" in remark]


def test_who_is_whose_is_said_where_one_name_is_bare():
    check = check_formula("log(lam) - log(lam_0) + lam_0/lam - 1")
    assert check.is_right and any("is read as p's" in remark for remark in check.remarks)


def test_a_wrong_form_of_rates_is_no_form_of_gaussians():
    assert check_formula("lam_1*log(lam_1/lam_2) - lam_2 + lam_1").headline.endswith(
        "of two Poisson or exponential distributions."
    )
