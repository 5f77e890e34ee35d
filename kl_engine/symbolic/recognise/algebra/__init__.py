"""What two formulas are compared by: normal forms, polynomials, matrices, factors taken off."""
