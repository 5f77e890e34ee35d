"""The one integrator: on the line by panels that follow the problem, in the plane by cells, beyond it by sampling."""
