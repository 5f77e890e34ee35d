"""All the optima: stationary points, how they change with p, and which start leads where."""
