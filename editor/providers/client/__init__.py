"""A client of the seeds' HTTP contract: of this studio, and of the services that it was written for.

    with Client("http://127.0.0.1:8000", "YOUR_API_KEY") as studio:
        task = studio.segmentation(Path("mug.jpg"), wait=True)
        Path("mug.png").write_bytes(studio.download(task.image))

ClientError
├── Unreached      no connection
│   └── Lost           the call went out, and no whole answer came back: nobody knows whether it was taken
├── Declined       answered with an error; `status`, `sentence`, `retry_after` say which
├── BadAnswer      answered with something that is not the contract's
└── NotInTime      the task did not end while we waited
"""

from .answers import (
    Account,
    BadAnswer,
    ClientError,
    Declined,
    Lost,
    NotInTime,
    Picture,
    Scene,
    Task,
    Unreached,
)
from .calls import Client, Endpoint, Source

__all__ = [
    "Account",
    "BadAnswer",
    "Client",
    "ClientError",
    "Declined",
    "Endpoint",
    "Lost",
    "NotInTime",
    "Picture",
    "Scene",
    "Source",
    "Task",
    "Unreached",
]
