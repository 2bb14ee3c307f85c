"""Everything that may go wrong and be shown to a person.

    StudioError                 message + hint: what happened, what to do next
    ├── InvalidRequest          a field of the request is out of range (``field`` names it)
    ├── InvalidPose             a pose file that holds no pose, or one that cannot be drawn
    ├── UnknownName             a checkpoint, sampler, LoRA, ControlNet … that does not exist here
    ├── NameTaken               a name that something else of the same kind has already
    ├── UnusableWeights         weights that are truncated, pickled, or of an unknown shape
    ├── UnusableImage           an upload that is no image, or too large
    ├── NobodyFound             a picture in which no figure could be found
    ├── OutOfMemory             the device has too little memory even for the smallest way to do it
    ├── StorageFull             the disk (or a quota) is full
    ├── Offline                 something has to be downloaded and cannot be
    └── WorkerLost              a worker process died while it held a job

The message of a StudioError is safe to show anywhere: it holds no traceback, no secret and no markup.
"""


class StudioError(Exception):
    """A failure with its remedy. ``message`` is one sentence; ``hint`` says what to do next."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def kind(self) -> str:
        """Stable name of the kind of failure, stored with a failed job."""
        return type(self).__name__

    def __reduce__(self):  # Exceptions pickle by args; ours carry two.
        return type(self), (self.message, self.hint)


class InvalidRequest(StudioError):
    """A request field is missing, of the wrong type or out of range."""

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field

    def __reduce__(self):
        return type(self), (self.message, self.hint, self.field)


class InvalidPose(StudioError):
    """Text that is no OpenPose JSON, or a pose beyond the limits."""


class UnknownName(StudioError):
    """A name that leads nowhere on this machine."""


class NameTaken(StudioError):
    """A name that something else of the same kind has already."""


class UnusableWeights(StudioError):
    """A weights file that cannot be loaded, or must not be."""


class UnusableImage(StudioError):
    """Bytes that are no image, or an image beyond the limits."""


class NobodyFound(StudioError):
    """A picture in which no pose could be found; there is never an empty pose instead."""


class OutOfMemory(StudioError):
    """The device ran out of memory after everything was tried."""


class StorageFull(StudioError):
    """The disk did not take a write."""


class Offline(StudioError):
    """A download is needed and the network does not give it."""


class WorkerLost(StudioError):
    """The worker process died while it held this job."""
