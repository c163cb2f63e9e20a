"""Which log a topic's name means: a topic that was deleted and made anew is another log, whatever its offsets say."""

from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import AdminClient

from streams.broker_options import PATIENCE_S, librdkafka_options
from streams.kafka_failures import plain_cause, unreachable
from streams.kafka_settings import KafkaSettings

IN_MEMORY = "mockCluster"
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
"""What brokers before 2.8 say, which give topics no identity."""


def log_identity(settings: KafkaSettings, topic: str, patience_s: float = PATIENCE_S) -> str:
    """The id that the broker gave a topic when it was made; "" where it gives none. On the local stack, the stack's own id.

    Raises `KafkaUnreachableError` where the broker does not say: a log must not be known by two names.
    """

    def unheard(_error: KafkaError) -> None:
        """The calls below raise what is wrong."""

    admin = AdminClient(librdkafka_options(settings, unheard))
    try:
        cluster = str(admin.list_topics(topic, timeout=patience_s).cluster_id)
        if cluster.startswith(IN_MEMORY):
            return cluster
        [asked] = admin.describe_topics(TopicCollection([topic]), request_timeout=patience_s).values()
        found = str(asked.result(2 * patience_s).topic_id)
    except KafkaException as error:
        raise unreachable(settings.brokers, plain_cause(error.args[0].str())) from error
    except TimeoutError as error:
        raise unreachable(settings.brokers, "it does not describe its topics in time") from error
    return "" if found == UNKNOWN else found
