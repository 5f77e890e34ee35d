"""What a text does around a formula: branches, lists of results, modules by other names, what stands behind it."""

import pytest

from kl_engine.symbolic.recognise.formula_check import check_formula

LINE = "np.log(sd_q / sd_p) + (sd_p**2 + (m_p - m_q)**2) / (2 * sd_q**2) - 0.5"
CODE = "-0.5 * (1 + lv - mu.pow(2) - lv.exp())"
READ = {
    # one branch computes, the other one gives a constant
    f"if self.stochastic:\n    reg = {CODE}.sum()\nelse:\n    reg = torch.zeros_like(mu).sum()\nreturn reg": "reverse",
    f"if not self.bayes:\n    return torch.tensor(0.0)\nkl = {CODE}\nreturn kl.mean()": "reverse",
    f"kl = 0.0 if self.frozen else {LINE}": "forward",
    f"def loss(mu, lv):\n    if mu is None:\n        raise ValueError('no mean')\n    return {CODE}.sum(1)": "reverse",
    # both compute, and come to the same
    f"if per_item:\n    kl = {CODE}.sum(dim=1)\nelse:\n    kl = {CODE}.sum() / len(mu)\nreturn kl": "reverse",
    f"if reduction == 'mean':\n    return ({LINE}).mean()\nreturn ({LINE}).sum()": "forward",
    # a number that is taken away, or multiplied, on a line of its own
    "kl = m**2 + v - np.log(v)\nkl -= 1\nkl *= 0.5": "reverse",
    "d = log(s_b/s_a) + (s_a**2 + (m_a - m_b)**2)/(2*s_b**2)\nd += -1/2\nif isnan(d):\n    d = 0": "forward",
    # a letter behind log, an empty group, the constant e
    "0.5 * (log_v_b - log_v_a + exp(log_v_a - log_v_b) + (m_a - m_b)**2 * exp(-log_v_b) - 1)": "forward",
    r"D = {} & \ln\frac{\sigma_q}{\sigma_p} + \frac{\sigma_p^2 + (\mu_p-\mu_q)^2}{2\sigma_q^2} - \frac12": "forward",
    # results that are gathered
    f"parts = []\nfor mu, lv in zip(all_mu, all_lv):\n    parts.append({CODE}.sum())\nreturn sum(parts)": "reverse",
    f"parts = list()\nfor lv in layers:\n    parts += [{CODE}]\ntotal = torch.stack(parts, dim=0).sum()": "reverse",
    f"self.kls.append({CODE}.sum())\nreturn torch.cat(self.kls).mean()": "reverse",
    "0.5 * sum(v + m**2 - 1 - np.log(v) for m, v in zip(means, variances))": "reverse",
    # modules by other names
    LINE.replace("np.", "NP."): "forward",
    "import numpy as onumpy\n" + LINE.replace("np.", "onumpy."): "forward",
    "from jax import numpy as jn\n" + LINE.replace("np.", "jn."): "forward",
    LINE.replace("np.", "tfm."): "forward",
    # what stands behind it
    r"\ln\frac{\sigma_q}{\sigma_p} + \frac{w}{2\sigma_q^2} - \frac12, \quad w = \sigma_p^2+(\mu_p-\mu_q)^2": "forward",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_stands_around_a_formula_is_read(text):
    check = check_formula(text)
    assert check.verdict == "equal" and check.direction == READ[text]


DIFFERENT = [
    f"if other is None:\n    return {CODE}.sum()\nreturn ({LINE}).sum()",
    f"kl = {CODE} if standard else {LINE}",
    f"if wide:\n    kl = {CODE}\nelse:\n    kl = -{CODE}",
    "if a:\n    if b:\n        kl = " + CODE + "\n    else:\n        kl = " + LINE + "\nelse:\n    kl = 0",
]


@pytest.mark.parametrize("text", DIFFERENT)
def test_branches_that_differ_are_asked_about(text):
    with pytest.raises(ValueError, match="branches of an if come to different formulas: paste the branch"):
        check_formula(text)


def test_many_branches_and_much_behind_a_formula_are_refused():
    many = "\n".join(f"if a{i}:\n    kl{i} = mu\nelse:\n    kl{i} = 2*mu" for i in range(20)) + f"\nkl = {CODE} + kl1"
    for text in (many, "KL, " + ", ".join(f"r = r/{i}" for i in range(2, 60))):
        with pytest.raises(ValueError):
            check_formula(text)


def test_what_was_left_out_is_said():
    (text,) = [text for text in READ if "zeros_like" in text]
    assert "Of an if the branch that computes something is read: the other one gives a constant." in (
        check_formula(text).remarks
    )
    with pytest.raises(ValueError, match="three dots stand for"):
        check_formula("0.5 * kl(...)")
