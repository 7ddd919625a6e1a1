"""The root of the project's errors: what happened, what to do about it, and whether to try again."""

from typing import ClassVar


class ChitieuError(Exception):
    """A failure that is not a bug: one sentence for the operator, without passwords.

    `hint` states what to do about it, `retryable` whether the same attempt may succeed later without
    a change, `exit_code` is the status of a command that ends with it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        self.retryable = retryable

    @property
    def code(self) -> str:
        """The name of the kind of error, for programs."""
        return type(self).__name__


class UsageError(ChitieuError):
    """A command with an argument that it cannot use."""

    exit_code = 2


class SettingsError(ChitieuError):
    """A setting that is missing or cannot be used; the message names it and where it was read."""

    exit_code = 2


class NotFoundError(ChitieuError):
    """Nothing of that name is there; the message states what there is."""


class PlanFaultError(ValueError):
    """A contradiction in a plan; `path` leads to the part of the file that has it."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path
