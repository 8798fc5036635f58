"""What long recordings and texts cost: processor time, memory, and how long one waits.

    PYTHONPATH=. python test/bench/longform.py [--pydub PYTHON]

It compares with ``ffmpeg`` where that is installed, and with pydub's ``split_on_silence`` where a
Python that has it is named; that wants some gigabytes of memory, and minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# instead of this folder, in which this file has the name of the other
sys.path[0] = str(Path(__file__).parents[1])

from longform.sounds import RATE, speech

HOUR = 3600
BYTES_PER_SECOND = 16_000  # of the mp3, at 128 kbit/s
SPEED = 0.1  # seconds that the server takes for a second of sound
MIB = 1 << 20

CUT = """
import sys
from openapiopenai.longform import cutting, listening, transcribing
from openapiopenai._files.limits import limits_of
from openapiopenai.longform.recording import Recording
with Recording(sys.argv[1]) as recording:
    track = listening.measure(recording)
    spans = transcribing._plan(recording, track, limits_of("gpt-4o-transcribe", None, 600))
    print(sum(1 for _ in cutting.cut(recording, track, spans)), "parts")
"""
PYDUB = """
import sys
from pydub import AudioSegment
from pydub.silence import split_on_silence
sound = AudioSegment.from_file(sys.argv[1])
print(len(split_on_silence(sound, min_silence_len=300, silence_thresh=-35)), "chunks")
"""
TRANSCRIBE = """
import resource, sys, time
from openapiopenai import ApiClient, AudioApi, Configuration, longform
options = {"workers": int(sys.argv[3])}
if sys.argv[4:]:
    options["max_seconds"] = float(sys.argv[4])
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with ApiClient(Configuration(host=sys.argv[1])) as client:
    began = time.monotonic()
    longform.transcribe(AudioApi(client), sys.argv[2], "whisper-1", **options)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.monotonic() - began, (peak - idle) / 1024)
"""


class Cost(NamedTuple):
    """What a process took."""

    cpu: float  # seconds
    mib: float  # at most
    said: str


def cost_of(*command: str) -> Cost:
    """Run a command.

    :return: what it took.
    """
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().strip()
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def recordings(folder: Path) -> tuple[Path, Path]:
    """Return an hour of mp3, and of wav at 16 kHz."""
    import av

    minute = speech(60)[: 60 * RATE]
    wav, mp3 = folder / "hour.wav", folder / "hour.mp3"
    with wave.open(str(wav), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        for _ in range(HOUR * 16_000 // len(minute)):  # spoken at another rate, so more slowly
            file.writeframes(minute.tobytes())
    with av.open(str(wav)) as source, av.open(str(mp3), "w") as output:
        stream = output.add_stream("libmp3lame", rate=44_100, layout="stereo")
        stream.bit_rate = BYTES_PER_SECOND * 8
        for frame in source.decode(audio=0):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return mp3, wav


class Handler(BaseHTTPRequestHandler):
    """Takes as long as the recording or the text is, and answers nothing much."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        left = size = int(self.headers["Content-Length"])
        body = b""
        while left:
            block = self.rfile.read(min(left, MIB))
            left -= len(block)
            body = block
        if self.path.endswith("speech"):
            time.sleep(0.2)
            self._answer(bytes(48 * len(json.loads(body)["input"])), "audio/pcm")
        else:
            time.sleep(size / BYTES_PER_SECOND * SPEED * self.server.speed)  # type: ignore[attr-defined]
            self._answer(b'{"text": "some words"}', "application/json")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def server(speed: float) -> Iterator[str]:
    """Run a server in a process of its own.

    :param speed: how much of the time it takes it really takes.
    """
    command = [sys.executable, __file__, "--serve", str(speed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.terminate()
        process.wait()


def serve(speed: float) -> None:
    """Serve until the process is ended."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.speed = speed  # type: ignore[attr-defined]
    print(listener.server_port, flush=True)  # noqa: T201
    listener.serve_forever()


def report(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def compare_cpu(mp3: Path, pydub: str | None) -> None:
    """Compare planning and cutting an hour of mp3 with what others take."""
    ours = cost_of(sys.executable, "-c", CUT, str(mp3))
    report(f"plan and cut an hour of mp3: {ours.cpu:.1f} s CPU, {ours.mib:.0f} MiB, {ours.said}")
    if ffmpeg := shutil.which("ffmpeg"):
        silencedetect = ["-af", "silencedetect=noise=-35dB:d=0.3", "-f", "null", "-"]
        other = cost_of(ffmpeg, "-v", "error", "-threads", "1", "-i", str(mp3), *silencedetect)
        report(f"ffmpeg silencedetect: {other.cpu:.1f} s CPU; ours is {ours.cpu / other.cpu:.2f} x")
    if pydub:
        other = cost_of(pydub, "-c", PYDUB, str(mp3))
        report(
            f"pydub split_on_silence: {other.cpu:.1f} s CPU, {other.mib:.0f} MiB, {other.said}; "
            f"ours is {ours.cpu / other.cpu:.3f} x"
        )


def measure_waiting(mp3: Path, wav: Path) -> None:
    """Measure memory, and the wall time of a recording and of a text."""
    with server(0.02) as host:
        _, mib = cost_of(sys.executable, "-c", TRANSCRIBE, host, str(wav), "4").said.split()
        report(f"an hour of wav, 4 workers, parts of 25 MB: {float(mib):.0f} MiB above idle")
    with server(1) as host:
        command = (sys.executable, "-c", TRANSCRIBE, host, str(mp3), "8", "60")
        seconds = float(cost_of(*command).said.split()[0])
        ideal = HOUR * SPEED / 8
        report(
            f"an hour, 8 workers: {seconds:.1f} s, {seconds / ideal:.2f} x the ideal {ideal:.0f} s"
        )
        measure_first_sound(host)


def measure_first_sound(host: str) -> None:
    """Measure when the first sound of a long text is there, against its first part alone."""
    from openapiopenai import ApiClient, AudioApi, Configuration, longform
    from openapiopenai.longform.dividing import divide

    text = "This is a sentence of a long text. " * (100_000 // 35)
    request = {"model": "tts-1", "voice": "alloy", "response_format": "pcm"}
    with ApiClient(Configuration(host=host)) as client:
        api = AudioApi(client)
        api.create_speech({**request, "input": "warm"})
        began = time.monotonic()
        api.create_speech({**request, "input": divide(text, 4096)[0]})
        alone = time.monotonic() - began
        began = time.monotonic()
        with longform.speak(api, {**request, "input": text}) as result:
            next(iter(result))
            first = time.monotonic() - began
    report(f"first sound of {len(text)} characters: {first:.3f} s, {first / alone:.2f} x its part")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pydub", help="a Python that has pydub")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve is not None:
        serve(options.serve)
    with tempfile.TemporaryDirectory() as folder:
        mp3, wav = recordings(Path(folder))
        compare_cpu(mp3, options.pydub)
        measure_waiting(mp3, wav)


if __name__ == "__main__":
    main()
