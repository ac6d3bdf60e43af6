"""The one checker of the page, the notebook and the grader.

Two sides, and a line between them. `asking` stands beside the student's code: it calls, and describes what came back as
`values`. `cases`, `comparing`, `judging` and `testing` never meet that code: they hold what is expected, and compare. A
grader that keeps the two apart believes nothing the student's process says, except the values it answered with.
"""
