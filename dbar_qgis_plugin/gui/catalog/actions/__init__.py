"""What can be done with items of a catalog."""
