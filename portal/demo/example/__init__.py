"""The invented coalition: its figures, and the grants and activities that they are the sums of.

Plain Python without Django. Every organisation, place and amount is made up.
"""
