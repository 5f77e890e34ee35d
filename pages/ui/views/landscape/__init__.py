"""The parts of the landscape view: the maps of both divergences over (mean, std) of q, and the data they show."""
