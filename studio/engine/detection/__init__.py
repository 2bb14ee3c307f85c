"""Poses and control maps from pictures: what runs in the worker beside drawing."""
