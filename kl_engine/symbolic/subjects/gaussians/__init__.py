"""Two Gaussians in special cases and in several dimensions, and how the directions differ near q = p."""
