"""What the search for overlaps keeps of each activity. Derived, written by `activities.overlaps` alone."""

from django.db import models

from .activities import Activity


class ActivityFeatures(models.Model):
    """An activity as it is compared with others: its words weighed, its places, days and people."""

    activity = models.OneToOneField(
        Activity, models.CASCADE, primary_key=True, related_name="features"
    )
    #: As `activities.overlaps.packing` writes it; None where an edit was not looked at yet.
    data = models.TextField(null=True)
    #: The country of all its places; 0 where they lie in several, or in none.
    country = models.BigIntegerField(default=0)
    #: Its only place; 0 where it has several, or none.
    place = models.BigIntegerField(default=0)
    #: Days as ordinals; open ends as far away as can be.
    start = models.IntegerField(default=0)
    end = models.IntegerField(default=0)
    is_stale = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["is_stale"],
                condition=models.Q(is_stale=True),
                name="activities_features_stale",
            )
        ]

    def __str__(self):
        return f"{self.activity_id}"


class ActivityKey(models.Model):
    """One of the rarest marks of an activity: a word, an organisation taking part, an objective."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=40)
    country = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["mark", "country", "activity"], name="activities_key_by_mark")
        ]

    def __str__(self):
        return f"{self.mark}: {self.activity_id}"


class WordCount(models.Model):
    """How many activities bear a mark; the mark "" counts all. Country 0: everywhere."""

    mark = models.CharField(max_length=40)
    country = models.BigIntegerField(default=0)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mark", "country"],
                name="activities_word_count_once",
            )
        ]

    def __str__(self):
        return f"{self.mark}: {self.count}"
