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
        "Maximum likelihood",
        r"\arg\min_q\,-\tfrac1n\sum_i\log q(x_i)",
        "The q of least log loss on the data: the minimiser of the cross entropy from the empirical distribution.",
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
        "The coordinates of q, or the causes, taken for independent: found by ascent in one at a time. Of a Gaussian "
        "with covariance Σ and precision Λ the forward fit then keeps the variances Σᵢᵢ, the reverse one has "
        "the smaller 1/Λᵢᵢ.",
    ),
    Term(
        "Alpha-divergence",
        r"D_\alpha(p,q)=\frac{1-\int p^{\alpha}q^{1-\alpha}}{\alpha(1-\alpha)}",
        "A continuum of divergences: at α = 0 it is the reverse divergence, at 1 the forward one, at ½ four times the "
        "squared Hellinger distance. Between the ends it is finite for every pair, and has no unit.",
    ),
    Term(
        "Bound",
        r"\ell\ \le\ D(a\,\|\,b)\ \le\ u",
        "A number that is never above (lower bound) or never below (upper bound) the divergence. An approximation "
        "promises neither.",
    ),
    Term(
        "Standard error",
        r"\mathrm{se}=\sqrt{\operatorname{Var}/n}",
        "The std of a mean over n independent draws, estimated from those draws: it knows nothing of what they missed.",
    ),
    Term(
        "Free energy",
        r"F=\mathbb{E}_q[\log q(z)-\log p(x,z)]\ \ge\ -\log p(x)",
        "Of a belief q about a latent z, given data x: energy − entropy = complexity − accuracy = divergence + "
        "surprisal. For densities it may be negative.",
    ),
    Term("Prior", r"p(z)", "What is believed of a latent z before the data x are seen."),
    Term("Likelihood", r"z\mapsto p(x\mid z)", "How probable each latent z makes the data that were seen."),
    Term(
        "Posterior",
        r"p(z\mid x)=\frac{p(z)\,p(x\mid z)}{p(x)}",
        "What is believed of a latent z once the data x are seen, by Bayes' rule.",
    ),
    Term("ELBO", r"-F\ \le\ \log p(x)", "The evidence lower bound: the free energy with the other sign."),
    Term(
        "Energy", r"-\mathbb{E}_q[\log p(x,z)]", "The expected surprisal of data and latent together, under the belief."
    ),
    Term("Complexity", r"D(q\,\|\,\text{prior})", "How far the belief has moved from the prior."),
    Term("Accuracy", r"\mathbb{E}_q[\log p(x\mid z)]", "How well the belief predicts the data that came."),
    Term(
        "Surprisal",
        r"-\log p(x)",
        "How improbable the model finds the data. It does not depend on the belief; for densities it may be negative.",
    ),
    Term(
        "Log evidence",
        r"\log p(x)=\log\int p(x,z)\,dz",
        "The surprisal with the other sign; what models are compared by.",
    ),
    Term("Partition function", r"Z=p(x)", "What prior times likelihood must be divided by to be the posterior."),
    Term(
        "Laplace approximation",
        r"\mathcal{N}\!\left(z^*,\,-1/(\log p)''(z^*)\right)",
        "A Gaussian at the highest point z* of the posterior (the MAP), as wide as the curvature there says.",
    ),
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
    Term("Nats and bits", r"1\ \text{bit}=\log 2\ \text{nats}=0.693\ldots\ \text{nats}", "The units of information."),
)
