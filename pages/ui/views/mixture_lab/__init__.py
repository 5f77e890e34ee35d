"""The parts of the mixture lab: the stage on which p is dragged, the table beside it, and what was found."""
