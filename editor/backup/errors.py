"""What keeps a backup from being made, or from being restored. Each says what to do next.

BackupError
├── CannotBackUp      nothing was written
├── Unsound           the backup is cut off, altered or none; nothing was touched
├── MadeByNewer       its studio was newer than this one; nothing was touched
└── NotHere           this studio cannot take it as it stands; nothing was touched
"""


class BackupError(Exception):
    """Anything of the family. Its words are for the admin."""


class CannotBackUp(BackupError):
    """There is no place for it, or what is to be saved is itself damaged."""


class Unsound(BackupError):
    """What lies there is no whole backup."""


class MadeByNewer(BackupError):
    """This studio's code does not know the tables."""


class NotHere(BackupError):
    """The studio that it is to be restored into has data, runs, or is another kind."""
