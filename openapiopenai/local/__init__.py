"""A speech server for this machine, which answers as OpenAI's audio endpoints do.

It has real engines: espeak-ng speaks, pocketsphinx recognises, FFmpeg encodes and decodes. So a
program, or its tests, can run with no key, no network and no cost::

    from openapiopenai.local import LocalServer

    with LocalServer() as server:
        ...  # openapiopenai.Configuration(host=server.host)

or, from a shell, ``python -m openapiopenai.local``. It needs the extra ``local``
(``pip install "openapiopenai[local]"``) and always runs in a process of its own: nothing of it is
imported by the client. Its rooms, in the order in which a request passes them::

    the process     server.py (starts it) -> command.py -> serve.py
    a request       guard.py -> app.py -> asked.py, fields.py
    its work        listening.py -> codecs.py, pauses.py, recognition.py -> worker.py; speech.py
    the answer      answers.py, captions.py, errors.py

What it cannot do: it speaks and understands English only; what it recognises is in lower case and
without punctuation, numbers as words. ``prompt``, ``keywords``, ``temperature``,
``instructions``, the names and references of known speakers and the threshold of
``chunking_strategy`` are checked, and change nothing. ``diarized_json`` is refused: no engine here
tells speakers apart.
"""

from openapiopenai.local.server import LocalServer

__all__ = ["LocalServer"]
