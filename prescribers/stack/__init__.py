"""The local stack: Kafka and the warehouse on loopback, in one process, with nothing to install but Python packages."""
