"""Objectives as people write them: read, brought to one form, and asked which expectation they take.

Text in, words and exact coefficients out; no text is run. The grammar is that of `kl_engine.symbolic.formulas`, which
needs no SymPy; `walk` makes a `Form` of what it reads (a sum of expectations of log densities), `verdicts` says what
minimising that form does; `catalogue` holds the objectives that have names, `library_calls` what the functions of
well-known packages compute.
"""

from kl_engine.objectives.judgement import read_objective
from kl_engine.objectives.text_limits import ObjectiveError
from kl_engine.objectives.verdicts import Verdict

__all__ = ["ObjectiveError", "Verdict", "read_objective"]
