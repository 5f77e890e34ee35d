"""The view "Which expectation?": what is asked, the answer in words, and the same shown on a mixture."""
