"""A local speech server with the audio endpoints of the OpenAI API.

Its engines are real: espeak-ng synthesizes, pocketsphinx recognizes, FFmpeg encodes and decodes.
Programs and their tests run without a key, a network or a bill::

    from openapiopenai.local import LocalServer

    with LocalServer() as server:
        ...  # openapiopenai.Configuration(host=server.host)

From a shell: ``python -m openapiopenai.local``. It requires the extra ``local``
(``pip install "openapiopenai[local]"``), always runs in a process of its own, and is never imported
by the client. The modules, in the order in which a request passes them::

    process     server.py (starts it) -> cli.py -> runner.py (uvicorn); limits.py
    request     middleware.py -> app.py -> endpoints.py -> validation.py, schemas.py
    work        codecs.py, vad.py, recognizer.py -> worker.py; synthesizer.py
    response    responses.py, captions.py, errors.py

Limitations: it speaks and recognizes English only; transcripts are lower case without punctuation,
numbers as words. ``prompt``, ``keywords``, ``temperature``, ``instructions``, names and references
of known speakers, and the threshold of ``chunking_strategy`` are validated but have no effect.
``diarized_json`` is refused: no engine here can tell speakers apart.
"""

from openapiopenai.local.server import LocalServer

__all__ = ["LocalServer"]
