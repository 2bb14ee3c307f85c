"""The starter checkpoint: a tiny Stable Diffusion of our own, what it learns from and how it is trained."""
