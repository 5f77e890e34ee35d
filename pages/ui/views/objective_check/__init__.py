"""The view "What does my loss do?": what is asked, the answer in words, and the same shown on a mixture."""
