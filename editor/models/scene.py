"""The scenes on offer, with what an admin may change about them."""

from typing import Self

from django.db import models

from web.language.sentences import tell


class SceneQuerySet(models.QuerySet):
    def offered(self) -> Self:
        return self.filter(enabled=True)


class Scene(models.Model):
    """A background template. Its number is part of the HTTP contract and never changes."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=60)
    category = models.CharField(max_length=40)
    keywords = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    objects = SceneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]

    def __str__(self) -> str:
        return f"{self.number} {tell(self.name)}"
