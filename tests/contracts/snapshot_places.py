"""Every kind of place for snapshots, for one contract suite; S3 is a server in this process that speaks its protocol."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
from moto.server import ThreadedMotoServer

from streams.local_place import LocalPlace
from streams.snapshot_place import SnapshotPlace
from streams.url_place import UrlPlace

KINDS = ("directory", "memory", "local-url", "s3")
BUCKET = "snapshots"


def place_of(kind: str, directory: Path) -> SnapshotPlace:
    """An empty place of a kind; `s3` wants `s3_server` around it."""
    own = uuid.uuid4().hex[:8]
    if kind == "directory":
        return LocalPlace(directory / own)
    roots = {"memory": "memory://", "local-url": f"local://{directory}/", "s3": f"s3://{BUCKET}/deep/"}
    return UrlPlace(f"{roots[kind]}{own}/prefix/")


@contextmanager
def s3_server() -> Iterator[ThreadedMotoServer]:
    """With a bucket, and named in the environment as the library finds it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    named = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    before = {name: os.environ.get(name) for name in named}
    os.environ.update(named)
    try:
        fsspec.filesystem("s3", skip_instance_cache=True).makedirs(BUCKET, exist_ok=True)
        yield server
    finally:
        server.stop()
        for name, value in before.items():
            os.environ.pop(name)
            os.environ.update({name: value} if value is not None else {})
