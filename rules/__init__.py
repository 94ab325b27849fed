class Refused(Exception):
    """A person may not do that: a code and its values, which the door turns into a sentence."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
