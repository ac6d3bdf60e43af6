"""The grader: student code runs in a sandbox and returns values; a trusted process compares them."""
