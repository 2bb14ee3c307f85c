"""The procedural illustrator: anime figures as flat colour, clean outlines and cel shading."""
