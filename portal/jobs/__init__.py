"""Work in the background: what must not keep a person waiting, and what is done every day."""
