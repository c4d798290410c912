"""SDG 11.3.1: land consumption and population growth, and where the city ends."""
