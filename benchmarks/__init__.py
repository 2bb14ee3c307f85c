"""Ratios against the stock diffusers pipeline, measured with both in one process, turn and turn about."""
