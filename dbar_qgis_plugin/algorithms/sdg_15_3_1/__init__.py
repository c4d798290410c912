"""SDG 15.3.1: land degradation and neutrality."""
