"""D from samples: two of them, or one beside a density; with an interval, or a refusal in words."""
