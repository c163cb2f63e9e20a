"""What leaves the pipeline: the ClickHouse warehouse."""
