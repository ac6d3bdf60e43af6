"""A course: its exercises and dates, its roster, and what is done for each exercise and each student."""
