"""Terms of fits, and of how optima come and go."""

from pages.ui.glossary.term import Term

FITS = (
    Term("Mixture", r"p(x)=\sum_k w_k\,\mathcal{N}(x;\,m_k,s_k^2)", "A weighted sum of Gaussian components."),
    Term("Separation", r"d=m_1-m_2", "How far the means of the two components of p stand apart, in units of x."),
    Term(
        "Responsibility",
        r"r_k(x)=\frac{w_k\,\mathcal{N}(x;\,m_k,s_k^2)}{p(x)}",
        "The share of component k in the density at x.",
    ),
    Term(
        "Moment match",
        r"\mu_q=\mathbb{E}_p[x],\qquad \sigma_q^2=\operatorname{Var}_p[x]",
        "The Gaussian with the mean and the variance of p: the exact forward fit.",
    ),
    Term(
        "Stationarity",
        r"\mathbb{E}_q[(\log p)']=0,\qquad \mathbb{E}_q[(\log p)'']=-1/\sigma^2",
        "The conditions, by Bonnet's and Price's theorems, at which no small move of a Gaussian q changes the reverse "
        "divergence.",
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
        "Natural-gradient flow",
        r"\dot\theta=-G(\theta)^{-1}\nabla D,\qquad G=\operatorname{diag}(1/\sigma^2,\,2)\ \text{in}\ (\mu,\log\sigma)",
        "The steepest descent measured by the Fisher metric G; the animation follows it from the start to the fit.",
    ),
    Term(
        "Basin",
        r"\{q_0:\ \text{the flow from }q_0\text{ ends in }q^*\}",
        "The starts from which the natural-gradient flow leads to one and the same minimum.",
    ),
    Term(
        "Locked and covering",
        r"w_j\,P_j\{x:\ p(x)>e^2\,q(x)\}>\tfrac12\,w_j\quad\text{for every }j\text{ but one}",
        "A fit is called locked on a component when it misses more than half of every other one, and not of this one; "
        "it covers when it misses less than half of each.",
    ),
    Term(
        "Fold",
        r"\nabla D=0,\qquad \det H=0",
        "A separation at which a minimum and a saddle appear together, or meet and vanish.",
    ),
    Term(
        "Tie",
        r"D(q_1\,\|\,p)=D(q_2\,\|\,p)",
        "A separation at which two local optima of the reverse divergence are equally good: there the best one jumps.",
    ),
    Term(
        "Pitchfork",
        r"a^2\,\mathbb{E}_q[\operatorname{sech}^2 a x]=1",
        "With the std of q fixed, and a p of two equal modes of std 1 at ±a: the separation at which the centre stops "
        "being a minimum and two mirror-image minima leave it.",
    ),
    Term(
        "Mean field",
        r"q(x)=\prod_i q_i(x_i)",
        "The coordinates of q, or the causes, are treated as independent and found by ascent in one at a time. Of a "
        "Gaussian with covariance Σ and precision Λ the forward fit then keeps the variances Σᵢᵢ, the reverse one has "
        "the smaller 1/Λᵢᵢ.",
    ),
    Term("Marginal", r"p(x_1)=\int p(x_1,x_2)\,dx_2", "The distribution of one variable alone."),
    Term(
        "Coordinate ascent",
        r"q_i\ \propto\ \exp\,\mathbb{E}_{q_{-i}}[\log p]",
        "Each factor of a mean field in turn is set to its best while the others are held fixed. Where it ends may "
        "depend on where it starts.",
    ),
)
