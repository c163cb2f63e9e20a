"""Pages to look at: what a command found, as one HTML file that needs nothing else."""
