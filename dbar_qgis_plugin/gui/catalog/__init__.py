"""The window of the data-sharing catalog."""
