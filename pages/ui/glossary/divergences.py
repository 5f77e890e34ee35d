"""Terms of divergences and of what their numbers mean."""

from pages.ui.glossary.term import Term

DIVERGENCES = (
    Term("Target", r"p(x)", "The distribution that is to be approximated: a posterior, the data, a teacher."),
    Term("Approximation", r"q(x)", "The distribution that is chosen, from a family that need not contain the target."),
    Term(
        "Kullback-Leibler divergence",
        r"D(a\,\|\,b)=\mathbb{E}_a\!\left[\log a-\log b\right]\ \ge\ 0",
        "The expected excess of log a over log b, with the expectation under the first argument. It is 0 only for a "
        "= b, it is not symmetric, and it is ∞ when a puts mass where b has none.",
    ),
    Term(
        "Forward divergence",
        r"D(p\,\|\,q)=\mathbb{E}_p\!\left[\log p-\log q\right]",
        "Also inclusive, mean-seeking, mass-covering: what maximum likelihood and expectation propagation minimise. "
        "For a Gaussian q its minimum is the moment match, where p has a mean and a variance.",
    ),
    Term(
        "Reverse divergence",
        r"D(q\,\|\,p)=\mathbb{E}_q\!\left[\log q-\log p\right]",
        "Also exclusive, mode-seeking: what variational inference minimises. It may have several local optima, and it "
        "need not lock on a mode.",
    ),
    Term(
        "Sampled estimators k1, k2, k3",
        r"-\log r,\quad \tfrac12(\log r)^2,\quad r-1-\log r,\qquad r=\tfrac{p(x)}{q(x)},\ x\sim q",
        "Of the reverse divergence, at a draw of q. k1 and k3 are right on average, k2 is biased. As losses with the "
        "draws held fixed their mean gradients are 0, that of the reverse divergence, and that of the forward one.",
    ),
    Term(
        "Alpha-divergence",
        r"D_\alpha(p,q)=\frac{1-\int p^{\alpha}q^{1-\alpha}}{\alpha(1-\alpha)}",
        "A continuum of divergences: at α = 0 it is the reverse divergence, at 1 the forward one, at ½ four times the "
        "squared Hellinger distance. Between the ends it is finite for every pair, and has no unit.",
    ),
    Term(
        "Jensen-Shannon divergence",
        r"\tfrac12 D(p\,\|\,m)+\tfrac12 D(q\,\|\,m),\quad m=\tfrac12(p+q)",
        "Symmetric, and at most log 2; its root is a distance.",
    ),
    Term(
        "Total variation",
        r"\tfrac12\int|p-q|",
        "The largest difference between the probabilities that p and q give to one event; from 0 to 1.",
    ),
    Term(
        "Mutual information",
        r"I(x;y)=D\big(p(x,y)\,\|\,p(x)\,p(y)\big)",
        "What a joint distribution loses when it is replaced by the product of its marginals; 0 only where the two "
        "variables are independent.",
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
        "What a distance obeys and a divergence need not: through r = ½p + ½q the two steps together never cost more "
        "than the direct one, and less where p and q differ.",
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
        "Error bound",
        r"|\text{shown}-\text{exact}|\ \le\ e\quad\text{is written}\quad\pm e",
        "The number after ± is at least the distance to the exact value: the rounding of a closed form, or a bound "
        "that is proved. Marked (est.) it is the difference of two quadrature rules, with the rounding and the tails "
        "left out, and no proof. Marked 95 % it is half of an interval from a sample, which holds the exact value 19 "
        "times in 20.",
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
    Term("Nats and bits", r"1\ \text{bit}=\log 2\ \text{nats}=0.693\ldots\ \text{nats}", "The units of information."),
)
