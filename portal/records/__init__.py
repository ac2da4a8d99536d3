"""What every record has: visibility, location precision, review state."""
