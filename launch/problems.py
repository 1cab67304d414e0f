"""What goes wrong is said in one sentence that ends with what to do."""


class Problem(Exception):
    """A failure whose text is shown to the person at the terminal as it is, without a traceback."""
