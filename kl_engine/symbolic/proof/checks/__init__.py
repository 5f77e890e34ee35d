"""The laws by which a step may follow, each with what it demands of the step."""
