"""The ways in which an action says no: bad input, a lost race, a missing thing, a missing right."""

from collections.abc import Mapping


class Refused(Exception):
    """Input that cannot be stored, with a sentence for the page and one for each field at fault."""

    def __init__(self, field_errors: Mapping[str, str] | None = None, message: str = "") -> None:
        self.field_errors = dict(field_errors or {})
        self.message = message or "Some fields need attention."
        super().__init__(self.message)


class Conflict(Exception):
    """Somebody else changed it first. `current` is the present state as a domain value, or None."""

    def __init__(self, current: object, message: str = "") -> None:
        self.current = current
        self.message = message or "Someone changed this while you were editing."
        super().__init__(self.message)


class Missing(Exception):
    """The thing does not exist, or no longer."""

    def __init__(self, what: str) -> None:
        self.message = f"There is no such {what}."
        super().__init__(self.message)


class Forbidden(Exception):
    """The actor lacks the right that is needed."""

    def __init__(self, right: str) -> None:
        self.message = f"Your role does not let you {right}."
        super().__init__(self.message)
