"""Codes and tokens that count once, whichever web process gets them."""

from django.db import models


class SingleUse(models.Model):
    """A code or token that has counted. Of it a hash is kept, for as long as it would be right otherwise."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "single use"

    def __str__(self) -> str:
        return f"{self.digest[:8]} until {self.until:%d %b %Y, %H:%M}"
