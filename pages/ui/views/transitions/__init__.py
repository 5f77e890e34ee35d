"""The parts of the transitions view: the diagram of all stationary points as the two modes of p move apart."""
