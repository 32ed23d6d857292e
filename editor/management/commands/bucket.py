"""Make the bucket that STORAGE_URL names, unless it is there; nothing where pictures lie in a folder."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError
from storages.backends.s3 import S3Storage


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        storage = storages["default"]
        if not isinstance(storage, S3Storage):
            self.stdout.write("Pictures lie in a folder: there is no bucket to make.")
            return
        name, client = storage.bucket_name, storage.connection.meta.client
        try:
            client.head_bucket(Bucket=name)
            self.stdout.write(f"The bucket {name} is there.")
            return
        except ClientError as exc:
            if exc.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
                raise CommandError(f"The bucket {name} cannot be looked at: {exc}") from exc
        except BotoCoreError as exc:
            raise CommandError(f"The store does not answer: {exc}") from exc
        region = client.meta.region_name
        place = {} if region in (None, "us-east-1", "aws-global") else {"LocationConstraint": region}
        try:
            client.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
        except (BotoCoreError, ClientError) as exc:
            raise CommandError(f"The bucket {name} cannot be made: {exc}") from exc
        self.stdout.write(f"The bucket {name} is made.")
