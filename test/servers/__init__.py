"""Responses of servers that speak OpenAI's API, one table for each kind: see ``case.Case``.

They are made up, in the shapes that the sources and responses of these servers have.
"""

from .case import Case
from .errors import ERRORS
from .speech import SPEECH
from .streams import STREAMS
from .transcripts import TRANSCRIPTS

ALL = [*TRANSCRIPTS, *STREAMS, *SPEECH, *ERRORS]

__all__ = ["ALL", "ERRORS", "SPEECH", "STREAMS", "TRANSCRIPTS", "Case"]
