"""The wizard that shares results."""
