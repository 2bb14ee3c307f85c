"""The Generate page: the form, its panels, and what has been drawn."""
