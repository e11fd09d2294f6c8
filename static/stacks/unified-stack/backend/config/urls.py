"""Which path leads where."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.static import serve

from api.views import api_root

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", api_root),
    path("api/v1/", include("api.urls")),
    # The proxy sends these here; a production proxy would serve the volumes itself.
    re_path(r"^static/(?P<path>.*)$", serve, {"document_root": settings.STATIC_ROOT}),
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
]
