"""What cannot be understood, in words for the person who brought the file."""

from partnerships.errors import DomainError


class Unreadable(DomainError):
    """The whole file is refused."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


class Unclear(ValueError):
    """One cell cannot be understood. Its text is a sentence; `refusal` groups like ones (outcomes.models.Refusal)."""

    def __init__(self, sentence: str, refusal: str = "") -> None:
        super().__init__(sentence)
        self.refusal = refusal


def quoted(text: str, limit: int = 40) -> str:
    """A cell's text inside a sentence, cut when it is long."""
    text = " ".join(text.split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"
