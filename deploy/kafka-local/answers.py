"""Exit 0 when the broker on 127.0.0.1:PORT would create a topic now, 1 when not: an open port alone is no broker yet."""

import logging
import sys

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

WISH = {"prescribers-readiness": {"num_partitions": 1, "replication_factor": 1}}


def answers(port: int) -> bool:
    """Ask for a topic without creating it: that takes the controller, the metadata log and a registered broker."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}", bootstrap_timeout_ms=2000, request_timeout_ms=5000)
    except KafkaError:
        return False
    try:
        admin.create_topics(WISH, validate_only=True)
    except KafkaError:
        return False
    finally:
        admin.close()
    return True


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.exit(0 if answers(int(sys.argv[1])) else 1)
