"""Answers as the servers give that speak OpenAI's API, one table for each kind of answer.

They are made up, in the shapes that the servers' sources and answers show: see ``case.Case``.
"""

from .case import Case
from .errors import ERRORS
from .speech import SPEECH
from .streams import STREAMS
from .transcripts import TRANSCRIPTS

ALL = [*TRANSCRIPTS, *STREAMS, *SPEECH, *ERRORS]

__all__ = ["ALL", "ERRORS", "SPEECH", "STREAMS", "TRANSCRIPTS", "Case"]
