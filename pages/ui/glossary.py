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
    Term(
        "Triangle inequality",
        r"d(p,q)\le d(p,r)+d(r,q)",
        "What a distance keeps and a divergence need not: through r = ½p + ½q the two steps together never cost more "
        "than the direct one, and less where p and q differ.",
    ),
    Term(
        "Shannon code",
        r"\ell_k=\lceil-\log_2 q_k\rceil",
        "A binary prefix code with words of these lengths: less than one digit above the entropy of q, on data from q.",
    ),
    Term(
        "Huffman code",
        r"\min_\ell\ \sum_k q_k\,\ell_k\quad\text{where}\quad\sum_k 2^{-\ell_k}\le 1",
        "The binary prefix code of least expected length. A complete one costs H(p) + D(p‖2^−ℓ) on data from p.",
    ),
    Term(
        "Arithmetic coder",
        r"\text{digits}\ <\ -\log_2 Q(x_1\ldots x_n)+2",
        "Codes a whole sequence as one binary fraction, so that the rounding to whole digits is paid only once.",
    ),
    Term(
        "Mean field",
        r"q(s_1,s_2)=q(s_1)\,q(s_2),\qquad F=\mathbb{E}_q[\log q-\log p(s,x)]\ \ge\ -\log p(x)",
        "A q whose causes are independent, chosen to have the least free energy F by ascent in one factor at a time.",
    ),
    Term("Surprisal", r"-\log p(x)", "What an observation costs under a model: the least free energy there is."),
    Term(
        "Expected free energy",
        r"G=D(Q(o)\,\|\,C)+\mathbb{E}_{Q(s)}H[A]=-\mathbb{E}_{Q(o)}\log C-\mathbb{E}_{Q(o)}D(Q(s\mid o)\,\|\,Q(s))",
        "Of an action, before its outcome o is seen; C is the distribution of wished-for outcomes. Both splits are the "
        "same number.",
    ),
    Term("Risk", r"D(Q(o)\,\|\,C)", "How far the outcomes predicted for an action are from those wished for."),
    Term(
        "Ambiguity",
        r"\mathbb{E}_{Q(s)}H[p(o\mid s)]",
        "The uncertainty of outcomes that is left when the state is known. It is not the information gain.",
    ),
    Term(
        "Information gain",
        r"\mathbb{E}_{Q(o)}D(Q(s\mid o)\,\|\,Q(s))=H[Q(o)]-\mathbb{E}_{Q(s)}H[p(o\mid s)]",
        "What an outcome is expected to tell about the state: an average over outcomes.",
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
        "Tie",
        r"D(q_1\,\|\,p)=D(q_2\,\|\,p)",
        "A separation at which two local optima of the reverse divergence are equally good: there the best one jumps.",
    ),
    Term("Nats and bits", r"1\ \text{bit}=\log 2\ \text{nats}=0.693\ldots\ \text{nats}", "The units of information."),
)
