"""Sweeps: pictures side by side that differ along axes. Pure values and texts; ``studio.jobs`` runs them."""
