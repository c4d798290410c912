"""The list of connections, and what each of them is."""
