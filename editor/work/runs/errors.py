"""The one error of runs."""


class RunRefused(Exception):
    """Something was not done with a run, and nothing changed. `sentence` says why and what to do.

    status is for HTTP.
    """

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status
