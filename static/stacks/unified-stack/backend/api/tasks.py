"""What the worker does."""

from celery import shared_task


@shared_task
def count_words(text: str) -> int:
    """Stands for work that takes too long for a request."""
    return len(text.split())
