"""From a text to what it averages: calls, sums, samples, what is held fixed, who is fitted."""
