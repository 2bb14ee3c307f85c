"""PoseAnimeFlow Studio: anime characters in exactly the pose and style one imagines."""

__version__ = "0.1.0"
