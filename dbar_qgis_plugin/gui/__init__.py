"""Docks, wizards and their item models."""
