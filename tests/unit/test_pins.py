"""Every private name of Faust, mode and aiokafka that streams/ relies on, so that an upgrade fails here and not at night."""

import inspect

import aiokafka
import faust
import pytest
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import Assignment, SubscriptionState, TopicPartitionState
from aiokafka.partitioner import murmur2
from aiokafka.producer.message_accumulator import BatchBuilder
from faust.transport import consumer as faust_consumer
from faust.transport.drivers import aiokafka as driver
from mode import Service
from mode.supervisors import CrashingSupervisor


def parameters(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (driver.Consumer.seek_to_committed, ["self"]),
        (driver.Consumer._new_consumer_thread, ["self"]),
        (driver.Consumer._getmany, ["self", "active_partitions", "timeout"]),
        (driver.Consumer.verify_event_path, ["self", "now", "tp"]),
        (driver.Consumer._commit_offsets, ["self", "offsets", "start_new_transaction"]),
        (driver.Consumer.earliest_offsets, ["self", "partitions"]),
        (driver.Consumer.highwaters, ["self", "partitions"]),
        (driver.Consumer.seek_wait, ["self", "partitions"]),
        (driver.AIOKafkaConsumerThread._seek_wait, ["self", "consumer", "partitions"]),
        (
            driver.AIOKafkaConsumerThread._fetch_records,
            ["self", "consumer", "active_partitions", "timeout", "max_records"],
        ),
        (driver.AIOKafkaConsumerThread._ensure_consumer, ["self"]),
        (driver.AIOKafkaConsumerThread._create_worker_consumer, ["self", "transport"]),
        (aiokafka.AIOKafkaConsumer.committed, ["self", "partition"]),
        (aiokafka.AIOKafkaProducer.create_batch, ["self"]),
        (aiokafka.AIOKafkaProducer.send_batch, ["self", "batch", "topic", "partition"]),
        (BatchBuilder.append, ["self", "timestamp", "key", "value", "headers"]),
        (GroupCoordinator.check_errors, ["self"]),
        (GroupCoordinator.request_rejoin, ["self"]),
        (Assignment.state_value, ["self", "tp"]),
        (murmur2, ["data"]),
    ],
)
def test_signatures_are_as_known(function: object, names: list[str]) -> None:
    assert parameters(function) == names


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (faust_consumer.Consumer.getmany, ("_wait_next_records", "self.scheduler.iterate(", "consumer_generation_id")),
        (faust_consumer.Consumer.perform_seek, ("self.seek_to_committed()",)),
        (faust.App._on_partitions_revoked, ("self.on_partitions_revoked.send", "should_stop")),
        (GroupCoordinator.__init__, ("self._coordination_task", "self._pending_exception", "self._heartbeat_task")),
        (GroupCoordinator._push_error_to_user, ("abort_waiters(exc)", "self._pending_exception = exc", "_error_consumed_fut")),
        (GroupCoordinator.ensure_active_group, ("_stop_heartbeat_task", "_start_heartbeat_task")),
        (SubscriptionState.abort_waiters, ("set_exception(copy.copy(exc))",)),
        (TopicPartitionState.__init__, ("self.highwater", "self.lso", "self._position")),
        (driver.AIOKafkaConsumerThread.on_start, ("self._consumer = ",)),
        (aiokafka.AIOKafkaConsumer.__init__, ("self._coordinator", "self._subscription", "self._isolation_level = ")),
        (aiokafka.AIOKafkaConsumer.start, ("isolation_level=self._isolation_level", "self._fetcher = Fetcher(")),
        (Fetcher.__init__, ("self._records = collections.OrderedDict()",)),
        (Fetcher._proc_fetch_request, ("self._records[tp] = FetchResult(",)),
        (FetchResult.__init__, ("self._partition_records = partition_records",)),
        (PartitionRecords._unpack_records, ("consumer_record = self._consumer_record(tp, record)", "yield consumer_record")),
    ],
)
def test_bodies_still_do_what_we_rely_on(owner: object, names: tuple[str, ...]) -> None:
    assert callable(owner)
    source = inspect.getsource(owner)
    assert [name for name in names if name not in source] == []


def test_attributes_read_by_the_watchdog_exist() -> None:
    assert hasattr(TopicPartitionState, "position")
    assert hasattr(TopicPartitionState, "has_valid_position")
    assert hasattr(Assignment, "tps")
    assert hasattr(BatchBuilder, "size")
    assert hasattr(BatchBuilder, "record_count")
    assert hasattr(Service, "crashed")
    assert "_consumer" in faust.App.__annotations__
    assert hasattr(CrashingSupervisor, "wakeup")
    assert "fetched_records" in dir(Fetcher)


def test_every_faust_setting_we_use_is_known() -> None:
    settings = dir(faust.Settings)
    used = (
        "broker",
        "broker_credentials",
        "broker_client_id",
        "datadir",
        "autodiscover",
        "web_enabled",
        "topic_disable_leader",
        "topic_allow_declare",
        "key_serializer",
        "value_serializer",
        "agent_supervisor",
        "ConsumerScheduler",
        "consumer_auto_offset_reset",
        "consumer_max_fetch_size",
        "stream_buffer_maxsize",
        "stream_wait_empty",
        "stream_recovery_delay",
        "broker_max_poll_records",
        "broker_session_timeout",
        "broker_heartbeat_interval",
        "broker_rebalance_timeout",
        "broker_request_timeout",
        "broker_max_poll_interval",
    )
    assert [name for name in used if name not in settings] == []


def test_the_transport_makes_its_consumer_through_the_attribute_that_we_replace() -> None:
    source = inspect.getsource(driver.Transport.create_consumer)
    assert "self.Consumer(" in source
