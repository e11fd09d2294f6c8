"""Paths below /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import views

router = SimpleRouter()
router.register("notes", views.NoteViewSet)

urlpatterns = [
    path("health/", views.health, name="health"),
    path("config/frontend/", views.frontend_config, name="frontend-config"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    *router.urls,
]
