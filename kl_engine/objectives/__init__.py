"""Objectives as people write them: read, brought to one form, and asked which expectation they take.

Pure Python: text in, words and exact coefficients out. `grammar` makes a tree of a typed text, `reading` turns it into
a `Form` (a sum of expectations of log densities), `verdicts` says what minimising that form does; `catalogue` holds
the objectives that have names, `library_calls` what the functions of well-known packages compute.
"""
