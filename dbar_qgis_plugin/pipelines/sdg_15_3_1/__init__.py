"""SDG 15.3.1: land that is degraded, and its neutrality."""
