"""What the api answers."""

from celery.result import AsyncResult
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from redis import RedisError
from rest_framework import viewsets
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.reverse import reverse

from .models import Note
from .serializers import NoteSerializer
from .tasks import count_words


class NoteViewSet(viewsets.ModelViewSet):
    """List, add, change and delete notes."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer


@api_view(["GET"])
def api_root(request):
    """What there is."""
    names = ["health", "frontend-config", "note-list", "jobs"]
    return Response({name: reverse(name, request=request) for name in names})


@api_view(["GET"])
def health(_request):
    """Healthy only when the database and Redis answer."""
    checks = {"database": _database(), "redis": _redis()}
    healthy = all(state == "connected" for state in checks.values())
    return Response({"status": "healthy" if healthy else "unhealthy", **checks}, status=200 if healthy else 503)


@api_view(["GET"])
def frontend_config(_request):
    """What the page has to know before it can start."""
    return Response(settings.FRONTEND)


@api_view(["POST"])
def jobs(request):
    """Hands text to the worker; without the profile with-celery the job waits in the queue."""
    job = count_words.delay(str(request.data.get("text", "")))
    return Response({"id": job.id, "state": job.state}, status=202)


@api_view(["GET"])
def job(_request, job_id):
    """How far a job is."""
    result = AsyncResult(str(job_id))
    return Response({"id": str(job_id), "state": result.state, "words": result.result if result.successful() else None})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return str(error)
    return "connected"


def _redis() -> str:
    try:
        cache.get("health")
    except (RedisError, OSError) as error:
        return str(error)
    return "connected"
