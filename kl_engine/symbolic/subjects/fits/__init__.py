"""What each direction asks of its optimum: forward and reverse fits of one Gaussian, of a mixture, in mean field."""
