"""Where the snapshots of this call are: the state directory, or what `snapshot_url` names."""

from typing import TYPE_CHECKING

from prescribers.failures import ConfigurationFailure
from prescribers.links import Links

if TYPE_CHECKING:
    from streams.snapshot_place import SnapshotPlace

LOCAL = "file://"


def snapshot_place(links: Links) -> "SnapshotPlace":
    """Connects to nothing yet. Raises `ConfigurationFailure` where no installed library knows the URL."""
    from streams.local_place import LocalPlace

    url = links.snapshot_url
    if not url:
        return LocalPlace(links.state_dir / "rank")
    if "://" not in url or url.startswith(LOCAL):
        raise _wrong("a local directory is named by state_dir")
    from streams.url_place import UrlPlace

    try:
        return UrlPlace(url)
    except ImportError as error:
        raise _wrong(f"{error}; for s3:// install the extra: pip install 'prescribers[s3]'") from error
    except ValueError as error:
        raise _wrong(str(error)) from error


def _wrong(cause: str) -> ConfigurationFailure:
    return ConfigurationFailure(f'snapshot_url: {cause}. Example: snapshot_url = "s3://bucket/prescribers"')
