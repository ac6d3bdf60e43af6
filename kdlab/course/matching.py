"""Whose hand-in it is: by an id, an address or the platform's number; by the name only where one student has it.

Two that contradict each other match nobody: a mark for the wrong student is worse than one that is missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from kdlab.course.archives import HandIn
from kdlab.course.roster import Student


class Unmatched(Exception):
    """A hand-in that is nobody's. The message says why."""


class Matcher:
    """Knows the students of a roster by all that a platform may call them.

    Parameters
    ----------
    students : iterable of Student
    numbers : mapping
        The platform's own numbers, where its sheet says whose they are.
    """

    def __init__(self, students: Iterable[Student], numbers: Mapping[str, Student]) -> None:
        self._numbers = numbers
        self._ids: dict[str, set[Student]] = {}
        self._addresses: dict[str, set[Student]] = {}
        self._names: dict[str, set[Student]] = {}
        for student in students:
            for text in {student.id, student.key}:
                self._ids.setdefault(text, set()).add(student)
            self._addresses.setdefault(student.email.casefold(), set()).add(student)
            for form in forms(student.name):
                self._names.setdefault(form, set()).add(student)

    def student_of(self, hand_in: HandIn) -> Student:
        """Return the student whose hand-in it is.

        Raises
        ------
        Unmatched
            If that is nobody, or not certain.
        """
        named = set().union(*(self._names.get(form, ()) for form in forms(hand_in.name)))
        known = self._known(hand_in, named)
        if len(known) > 1:
            raise Unmatched(f"is {_names(known)} at once")
        is_said = hand_in.name not in hand_in.ids  # by the platform, and not just read off the name of a folder
        if known and named and not known & named and is_said:
            raise Unmatched(f"is {_names(known)} by its id, and {_names(named)} by its name")
        if not known and len(named) > 1:
            raise Unmatched(f"may be {_names(named)}, by the name alone")
        if not known | named:
            raise Unmatched("is nobody on the roster")
        (student,) = known or named
        return student

    def _known(self, hand_in: HandIn, named: set[Student]) -> set[Student]:
        if hand_in.number in self._numbers:
            return {self._numbers[hand_in.number]}
        for text in hand_in.ids:  # from the whole of a file's name to its beginning
            found = self.students_called(text)
            if found:
                return found
        # the number of a platform may be the id of somebody else
        return {student for student in self._ids.get(hand_in.number, ()) if student in named or not student.name}

    def students_called(self, text: str) -> set[Student]:
        """Return the students who have a text as their id, their key or their address."""
        text = unicodedata.normalize("NFC", text.strip())
        return self._ids.get(text) or (text and self._addresses.get(text.casefold())) or set()


def forms(name: str) -> set[str]:
    """Return how platforms write a name in the name of a file: in any order of its words, with accents or without.

    Examples
    --------
    >>> sorted(forms("Núñez, José"))
    ['josenunez', 'josnez', 'nezjos', 'nunezjose']
    """
    words = name.replace(",", " ").split()
    turned = ["".join(words[i:] + words[:i]) for i in range(len(words))]
    ascii_only = [unicodedata.normalize("NFC", each).encode("ascii", "ignore").decode("ascii") for each in turned]
    folded = (unicodedata.normalize("NFKD", each.casefold()) for each in (*turned, *ascii_only))
    return {"".join(c for c in each if c.isalnum()) for each in folded} - {""}


def _names(students: Iterable[Student]) -> str:
    return " or ".join(sorted(student.id for student in students))
