"""Terms of the free energy, and of choosing by it."""

from pages.ui.glossary.term import Term

BELIEFS = (
    Term("Prior", r"p(z)", "What is believed about a latent z before the data x are seen."),
    Term("Likelihood", r"z\mapsto p(x\mid z)", "How probable each latent z makes the data that were seen."),
    Term(
        "Posterior",
        r"p(z\mid x)=\frac{p(z)\,p(x\mid z)}{p(x)}",
        "What is believed about a latent z once the data x are seen, by Bayes' rule.",
    ),
    Term(
        "Free energy",
        r"F=\mathbb{E}_q[\log q(z)-\log p(x,z)]\ \ge\ -\log p(x)",
        "Of a belief q about a latent z, given data x: energy − entropy = complexity − accuracy = divergence + "
        "surprisal. For densities it may be negative.",
    ),
    Term("ELBO", r"-F\ \le\ \log p(x)", "The evidence lower bound: the free energy with the other sign."),
    Term(
        "Energy", r"-\mathbb{E}_q[\log p(x,z)]", "The expected surprisal of data and latent together, under the belief."
    ),
    Term("Complexity", r"D(q\,\|\,\text{prior})", "How far the belief has moved from the prior."),
    Term("Accuracy", r"\mathbb{E}_q[\log p(x\mid z)]", "How well the belief predicts the data that were observed."),
    Term(
        "Surprisal",
        r"-\log p(x)",
        "How improbable the model finds the data. It does not depend on the belief; for densities it may be negative.",
    ),
    Term(
        "Log evidence",
        r"\log p(x)=\log\int p(x,z)\,dz",
        "The surprisal with the other sign; models are compared by it.",
    ),
    Term("Partition function", r"Z=p(x)", "What prior times likelihood must be divided by to give the posterior."),
    Term(
        "Expectation propagation",
        r"q\propto p(z)\prod_i s_i(z),\quad s_i\leftarrow\frac{\operatorname{proj}[q_{-i}\,p(x_i\mid z)]}{q_{-i}}",
        "Each observation is represented by a site. In turn, each site is chosen so that q has the moments of q "
        "without that site times the exact factor: one forward fit per observation, not one of the whole. It may not "
        "converge.",
    ),
    Term(
        "Importance-weighted bound",
        r"\mathbb{E}\log\frac1K\sum_{k=1}^{K}\frac{p(x,z_k)}{q(z_k)}\ \le\ \log p(x)",
        "The ELBO for K = 1; with more independent draws z₁ … z_K from q it rises to the log evidence.",
    ),
    Term(
        "Rényi bound",
        r"\tfrac{1}{1-\alpha}\log\mathbb{E}_q\bigl(p(x,z)/q(z)\bigr)^{1-\alpha}=\log p(x)-R_\alpha(q\,\|\,p(z\mid x))",
        "The ELBO at α = 1, the log evidence at α = 0; for α < 0 it bounds the log evidence from above, and it may be "
        "infinite.",
    ),
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
    Term("Risk", r"D(Q(o)\,\|\,C)", "How far the outcomes predicted for an action are from the preferred ones."),
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
    Term(
        "Utility",
        r"\mathbb{E}_{Q(o)}[\log C(o)]",
        "How much the outcomes predicted for an action are preferred. G is −utility less the information gain.",
    ),
    Term(
        "Softmax",
        r"P(a)=\frac{e^{-G_a}}{\sum_b e^{-G_b}}",
        "How the expected free energies of the actions become the probabilities with which they are chosen.",
    ),
)
