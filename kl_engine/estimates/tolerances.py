"""Every number that decides when a search over q goes on, when it is done, and when two of its ends are one.

Lengths are in the *natural* coordinates of q: a mean counted in its std, a log std, a log weight. Half the square of
such a length is about the divergence in nats between the two q's that it parts.
"""

from __future__ import annotations

# Two q's are one -----------------------------------------------------------------------------------------------------
SAME = 1e-6  # no further apart than this, two q's are one fit: 1e-12 nats, and no digit that is ever shown
SAME_BY_RULE = {
    1: 1e-9,
    2: 1e-9,
}  # nats, in n dimensions: where expectations are sums over nodes, which follow the search …
SAME_BY_SAMPLE = 1e-4  # … and where they are sums over a sample, whose minima lie about those of the truth
APART = 1e-3  # further apart than this, two optima are two branches: what is between is one that moves fast
EQUAL = 1e-10  # of 1 + value: two values closer than this are equal, and neither fit is the better one
TIED = 1e-9  # nats: by more than this the two fits of a tie do not differ, and nothing else is better
TOLD_APART = 1e-11  # nats: of two values nearer than this, which is the lower is rounding
PLACE_OF_TIE = 1e-13  # of the separation at which two fits are tied

# One q is stationary -------------------------------------------------------------------------------------------------
STATIONARY = 1e-9  # Newton's step from there is shorter than this (or the gradient is at its stated rounding)
NEARLY = 1e-6  # a step this short leads so near that what is left is for a last one, taken alike from everywhere
FLAT = 1e-9  # of the largest curvature: a smaller one counts as none

# A descent goes on ---------------------------------------------------------------------------------------------------
LONGEST_STEP = 1.0  # a longer step would leave the region of which the Hessian speaks
FLOOR = 1e-10  # of the largest curvature: along what is flatter a step is as long as along this
SUFFICIENT = (
    1e-4  # of the decrease that the slope promises: less is no descent (L. Armijo, Pacific J. Math. 16 (1966) 1)
)
SHORTENED = 0.3  # what is left of a step that does not go down
SHORTEST = 1e-8  # of a step: then it is given up
NOISE = 1e-13  # of 1 + value: below it a difference of two values is rounding
MOST_ITERATIONS = 500  # steps and shortened steps of one descent

# Newton's method for a zero of the gradient, next to its start -------------------------------------------------------
LAST_LOOK = 1e-9  # a step this short is followed by one more: it squares at a simple zero, halves at a double one
DOUBLE_ZERO = 1e-10  # a step this short ends the search for a fold, whose equations are solved with differences
NEAR_STEP = 0.3  # the longest: the starts are near
