"""The secretariat's desk: what Wagtail's admin needs so that it shows nobody more than they may see.

Wagtail checks permissions for whole models. Here every list, form, history, export and chooser starts
from `visible_to(user)`, and every change from `editable_by(user)`.
"""
