"""Who changed what and when, for every record."""
