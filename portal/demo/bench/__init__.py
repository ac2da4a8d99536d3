"""Speed, measured: pages, figures and saves on a synthetic coalition, beside the goals they are held to.

Every goal but one is a ratio within one run, since machines differ.
"""
