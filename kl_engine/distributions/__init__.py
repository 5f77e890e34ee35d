"""What a divergence is taken between: one family a file, frozen and validated when made."""
