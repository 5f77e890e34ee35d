"""One folder a view: its question, scene, charts, words, what can be taken away, and its stage."""
