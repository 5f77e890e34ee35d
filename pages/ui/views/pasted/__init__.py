"""What two views share: the box for a loss or a formula, and what each of the two readers says of a text."""
