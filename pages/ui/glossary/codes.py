"""Terms of codes and of data."""

from pages.ui.glossary.term import Term

CODES = (
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
    Term(
        "Log loss",
        r"-\tfrac1n\sum_i\log q(x_i)",
        "The mean surprisal of points under q. On points left out of the fit it tells how well q generalises; on those "
        "fitted it rewards memory.",
    ),
    Term(
        "Kernel density",
        r"q(x)=\tfrac1n\sum_i\mathcal{N}(x;\,x_i,h^2)",
        "One Gaussian on each point, all of one width h, the bandwidth: as h falls it memorises the points.",
    ),
    Term(
        "Description length",
        r"n\cdot\text{log loss}+\tfrac12\log_2 n\ \text{per parameter}",
        "The bits that a message with the model and the data would take: what fits better must also pay for its "
        "parameters.",
    ),
)
