"""Poses as values: people with joints on a canvas. No torch, no drawing surface but arrays."""
