"""Telling people that something waits for them: in the portal, and by a mail that never says what."""
