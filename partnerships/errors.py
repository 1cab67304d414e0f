"""What a rule refuses, in words for the person who asked."""


class DomainError(Exception):
    """A rule was broken. `message` is for the user and says what to do; `field` names the input it belongs to, if any."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class EditConflict(DomainError):
    """Somebody else saved the record after this edit was begun."""

    def __init__(self, message: str, *, current_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version
