"""A picture taken away: as SVG, as PNG, as a link, as an iframe."""
