class Refused(Exception):
    """The member may not do that; `utils/messages.py` has the sentence of each code."""

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
