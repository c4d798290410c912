"""Algorithms of night lights."""
