"""The view of a line through data: points that are dragged, the posterior, its products, what they predict."""
