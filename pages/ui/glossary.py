"""The terms of the field as data: to add one, add an entry."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A term, its defining formula in LaTeX, and one or two sentences; its name is also its anchor."""

    name: str
    formula: str
    meaning: str

    @property
    def anchor(self) -> str:
        """The anchor in the page's address."""
        return self.name.lower().replace(" ", "-")


TERMS = (
    Term("Target", r"p(x)", "The distribution that is to be approximated: a posterior, the data, a teacher."),
    Term("Approximation", r"q(x)", "The distribution that is chosen, from a family that need not contain the target."),
    Term(
        "Kullback-Leibler divergence",
        r"D(a\,\|\,b)=\mathbb{E}_a\!\left[\log a-\log b\right]\ \ge\ 0",
        "The expected excess of log a over log b, the expectation under the first argument. It is 0 only for a = b, it "
        "is not symmetric, and it is ∞ when a puts mass where b has none.",
    ),
    Term(
        "Forward divergence",
        r"D(p\,\|\,q)=\mathbb{E}_p\!\left[\log p-\log q\right]",
        "Also inclusive, mean-seeking, mass-covering: what maximum likelihood and expectation propagation minimise. "
        "For a Gaussian q its minimum is always the moment match.",
    ),
    Term(
        "Reverse divergence",
        r"D(q\,\|\,p)=\mathbb{E}_q\!\left[\log q-\log p\right]",
        "Also exclusive, mode-seeking: what variational inference minimises. It may have several local optima, and it "
        "need not lock on a mode.",
    ),
    Term(
        "Moment match",
        r"\mu_q=\mathbb{E}_p[x],\qquad \sigma_q^2=\operatorname{Var}_p[x]",
        "The Gaussian with the mean and the variance of p: the exact forward fit.",
    ),
    Term("Entropy", r"H[a]=-\mathbb{E}_a[\log a]", "The expected surprisal; for a density it may be negative."),
    Term(
        "Cross entropy",
        r"H[a,b]=-\mathbb{E}_a[\log b]=H[a]+D(a\,\|\,b)",
        "The expected surprisal of b under a.",
    ),
    Term("Mixture", r"p(x)=\sum_k w_k\,\mathcal{N}(x;\,m_k,s_k^2)", "A weighted sum of Gaussian components."),
    Term(
        "Responsibility",
        r"r_k(x)=\frac{w_k\,\mathcal{N}(x;\,m_k,s_k^2)}{p(x)}",
        "The share of component k in the density at x.",
    ),
    Term(
        "Pointwise integrand",
        r"p\log\frac{p}{q}\quad\text{and}\quad q\log\frac{q}{p}",
        "What each x adds to a divergence. It may be negative at a point; only the integral is at least 0.",
    ),
    Term(
        "Hallucinated",
        r"Q\{x:\ q(x)>e^2\,p(x)\}",
        "The probability, under q, of where q exceeds p more than e² = 7.39-fold: mass that q invents.",
    ),
    Term(
        "Missed",
        r"P\{x:\ p(x)>e^2\,q(x)\}",
        "The probability, under p, of where p exceeds q more than e² = 7.39-fold: mass that q ignores.",
    ),
    Term(
        "Stationarity",
        r"\mathbb{E}_q[(\log p)']=0,\qquad \mathbb{E}_q[(\log p)'']=-1/\sigma^2",
        "The conditions, by Bonnet's and Price's theorems, at which no small move of a Gaussian q changes the reverse "
        "divergence.",
    ),
    Term(
        "Natural-gradient flow",
        r"\dot\theta=-G(\theta)^{-1}\nabla D,\qquad G=\operatorname{diag}(1/\sigma^2,\,2)\ \text{in}\ (\mu,\log\sigma)",
        "The steepest descent measured by the Fisher metric G; the animation follows it from the start to the fit.",
    ),
    Term(
        "Locked and covering",
        r"w_j\,P_j\{x:\ p(x)>e^2\,q(x)\}>\tfrac12\,w_j\quad\text{for every }j\text{ but one}",
        "A fit is called locked on a component when it misses more than half of every other one, and not of this one; "
        "it covers when it misses less than half of each.",
    ),
    Term(
        "Stationary point",
        r"\nabla_{\mu,\log\sigma}\,D=0",
        "A q that no small step improves to first order: a minimum, a maximum, or a saddle between two minima.",
    ),
    Term(
        "Hessian",
        r"H=\nabla^2 D\quad\text{in}\ (\mu/\sigma,\ \log\sigma)",
        "The second derivatives. Where both eigenvalues are positive a stationary point is a minimum; where one is "
        "negative, a saddle; where one passes through 0, a fold.",
    ),
    Term(
        "Basin",
        r"\{q_0:\ \text{the flow from }q_0\text{ ends in }q^*\}",
        "The starts from which the natural-gradient flow leads to one and the same minimum.",
    ),
    Term(
        "Fold",
        r"\nabla D=0,\qquad \det H=0",
        "A separation at which a minimum and a saddle appear, or meet and vanish, together.",
    ),
    Term(
        "Pitchfork",
        r"a^2\,\mathbb{E}_q[\operatorname{sech}^2 a x]=1",
        "With the std of q fixed and a symmetric p (modes at ±a): the separation at which the centre stops being a "
        "minimum and two mirror-image minima leave it.",
    ),
    Term(
        "Tie",
        r"D(q_1\,\|\,p)=D(q_2\,\|\,p)",
        "A separation at which two local optima of the reverse divergence are equally good: there the best one jumps.",
    ),
    Term(
        "Mean field",
        r"q(x)=\prod_i q_i(x_i)",
        "The coordinates of q taken for independent. Of a Gaussian with covariance Σ and precision Λ the forward fit "
        "then keeps the variances Σᵢᵢ, the reverse one has 1/Λᵢᵢ, which are smaller.",
    ),
    Term("Nats and bits", r"1\ \text{bit}=\log 2\ \text{nats}=0.693\ldots\ \text{nats}", "The units of information."),
)
