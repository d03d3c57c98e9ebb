"""Where the hub's whole sealed files lie, as its settings say: in a folder, or in a store that speaks S3."""

import importlib.util
from pathlib import Path

from comity.domain.errors import Invalid, Missing
from comity.nodes.settings import FileSettings
from comity.storage.room_disk import FolderOfWholes, Wholes


def wholes(settings: FileSettings, folder: Path) -> Wholes:
    """Raises Invalid for settings that name a bucket and not where it is; Missing where the extra is not installed."""
    if not settings.s3_bucket:
        return FolderOfWholes(folder)
    for name in ("s3_endpoint", "s3_credentials"):
        if not getattr(settings, name):
            raise Invalid("A bucket is named, and this is not.", where=f"files.{name}", do="See docs/operating.md.")
    if importlib.util.find_spec("botocore") is None:
        raise Missing("An S3 store needs botocore, which is not installed.", do="Run `pip install comity[s3]`.")
    # It takes a third of a second and 20 MB, and is an extra: a node without such a store goes without.
    from comity.storage.s3_wholes import S3Place, S3Wholes

    return S3Wholes(
        S3Place(
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            bucket=settings.s3_bucket,
            prefix=settings.s3_prefix,
            credentials_file=settings.s3_credentials,
            authority_file=settings.s3_authority,
        )
    )
