"""What the page of an objective says: its money over time, its grants, who works on it, what is measured."""
