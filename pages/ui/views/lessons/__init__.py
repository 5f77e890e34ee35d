"""What the pages of derivations share."""
