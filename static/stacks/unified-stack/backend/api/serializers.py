"""Notes as JSON."""

from rest_framework import serializers

from .models import Note


class NoteSerializer(serializers.ModelSerializer):
    """All of a note."""

    class Meta:
        model = Note
        fields = ["id", "text", "attachment", "created_at"]
