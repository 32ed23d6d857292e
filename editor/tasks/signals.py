"""What is told of tasks once it is committed, to whoever goes on from there. Nobody here knows them."""

from django.dispatch import Signal

task_ended = Signal()
"""A task has ended, however it did: `task`, as it was before."""

prepared = Signal()
"""What was to be made of a photo beside its tasks is made, or has failed: `photo_id` and `kind`."""
