"""What the benches written in Python share, and what bench/run makes of results."""
