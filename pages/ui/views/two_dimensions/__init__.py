"""The parts of the view in two dimensions: the stage on which p is dragged, the table, both fits, what they mean."""
