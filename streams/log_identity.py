"""Which log a topic's name means: a topic that was deleted and made anew is another log, whatever its offsets say."""

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.broker_options import PATIENCE_S, librdkafka_options
from streams.kafka_settings import KafkaSettings

IN_MEMORY = "mockCluster"
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
"""What brokers before 2.8 say, which give topics no identity."""


def log_identity(settings: KafkaSettings, topic: str, patience_s: float = PATIENCE_S) -> str:
    """The id that the broker gave a topic when it was made; "" where there is none, as on the local stack, or none can be had."""

    def unheard(_error: KafkaError) -> None:
        """Whoever needs the broker says so himself."""

    admin = AdminClient(librdkafka_options(settings, unheard))
    try:
        if str(admin.list_topics(topic, timeout=patience_s).cluster_id).startswith(IN_MEMORY):
            return ""
        [asked] = admin.describe_topics(TopicCollection([topic]), request_timeout=patience_s).values()
        found = str(asked.result(patience_s).topic_id)
    except (KafkaException, TimeoutError):
        return ""
    return "" if found == UNKNOWN else found
