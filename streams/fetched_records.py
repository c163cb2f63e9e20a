"""What aiokafka has fetched, handed over as its parser makes it: its `ConsumerRecord` is an eighth of `normalise`'s work."""

from collections import OrderedDict
from typing import Any

from aiokafka import AIOKafkaConsumer


class FetchedRecords(OrderedDict[Any, Any]):
    """The fetcher's buffer by partition. The parser's own records have all that `streams.delivery.Record` asks for."""

    def __setitem__(self, tp: object, fetched: Any) -> None:
        records = getattr(fetched, "_partition_records", None)  # an error has none
        if records is not None:
            records._consumer_record = _as_parsed  # noqa: SLF001 - pinned
        super().__setitem__(tp, fetched)


def hand_over_as_parsed(consumer: AIOKafkaConsumer) -> None:
    """For a consumer that has started, and before it is assigned anything."""
    consumer._fetcher._records = FetchedRecords(consumer._fetcher._records)  # noqa: SLF001 - pinned


def _as_parsed(_tp: object, record: Any) -> Any:
    return record
