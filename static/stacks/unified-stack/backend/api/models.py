"""What is kept."""

from django.db import models


class Note(models.Model):
    """A line of text that somebody left, perhaps with a file."""

    text = models.CharField(max_length=200)
    attachment = models.FileField(upload_to="notes/", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.text
