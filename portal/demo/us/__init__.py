"""The public record of United States anti-trafficking money, read, placed, tagged and linked.

Plain Python without Django: files in, frozen rows out. `portal.demo.loader` puts them into the database.
"""
