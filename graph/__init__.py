"""The pure core: mention events -> rolling graph -> scores -> ranking runs. No I/O, clock, logging, threads or environment."""
