"""Exercises: every kind of question that a form or a rule serves. Nothing of this page is a widget."""
