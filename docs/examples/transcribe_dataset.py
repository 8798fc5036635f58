"""Transcribe a folder or bucket of audio with Ray Data: Parquet by source, a row per recording.

    python transcribe_dataset.py s3://archive/audio s3://archive/transcripts

It can be stopped at any time; the next run transcribes what is missing or failed. OPENAI_API_KEY
and OPENAI_BASE_URL set the key and the server, RAY_ADDRESS the cluster; see docs/scale-out.md.
"""

import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zlib import crc32

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import ray
from fsspec.implementations.dirfs import DirFileSystem

from openapiopenai import ApiClient, AudioApi, Configuration, longform

MODEL, PRICES = "whisper-1", {"seconds": 0.006 / 60, "input_tokens": 0.0, "output_tokens": 0.0}
ACTORS, CALLS_OF_AN_ACTOR, ROWS_OF_A_FILE = 2, 16, 100  # maximum, in flight, average
MAX_BYTES = 25_000_000  # of a request; a larger recording is transcribed in parts
PATIENCE = 600  # seconds for a recording, with all retries and waits for rate limits
AUDIO = (".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".oga", ".ogg", ".wav", ".webm")

TEXT, NUMBER = pa.string(), pa.float64()
SEGMENTS = pa.list_(pa.struct({"start": NUMBER, "end": NUMBER, "text": TEXT}))
USAGE = pa.struct(dict.fromkeys(PRICES, NUMBER))
COLUMNS = dict.fromkeys(("path", "text", "language", "request_id", "error"), TEXT)
SCHEMA = pa.schema(COLUMNS | {"duration": NUMBER, "segments": SEGMENTS, "usage": USAGE})


class Transcriber:
    """An actor: one client, with a call in flight in each of its threads."""

    def __init__(self, audio: DirFileSystem, out: DirFileSystem, settings: Configuration) -> None:
        self.audio, self.out, self.api = audio, out, AudioApi(ApiClient(settings))
        self.threads = ThreadPoolExecutor(CALLS_OF_AN_ACTOR)

    def __call__(self, part: dict[str, Any]) -> dict[str, Any]:
        """Bring one file of the data set up to date; readers see the old one or the new one."""
        file, begun = part["file"], self.out.exists(part["file"])
        rows = pq.read_table(file, filesystem=self.out).to_pylist() if begun else []
        done = {row["path"]: row for row in rows if row["error"] is None}
        missing = [path for path in part["paths"] if path not in done]
        if missing:
            rows = [*done.values(), *self.threads.map(self.row, missing)]
            unfinished = file.replace("/", f"/.{uuid4()}-")  # readers ignore names with a dot
            self.out.makedirs(file.partition("/")[0], exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows, SCHEMA), unfinished, filesystem=self.out)
            self.out.mv(unfinished, file)
        return {"file": file}

    def row(self, path: str) -> dict[str, Any]:
        try:
            result, request_id = self.transcribe((path, self.audio.cat_file(path)))
        except Exception as error:  # of any kind: it becomes the row of this recording
            text = f"{type(error).__name__}: {error}"
            return {"path": path, "request_id": getattr(error, "request_id", None), "error": text}
        return {**result, "path": path, "request_id": request_id}

    def transcribe(self, recording: tuple[str, bytes]) -> tuple[Any, str | None]:
        options: Any = {"model": MODEL, "response_format": "verbose_json"}
        if len(recording[1]) > MAX_BYTES:  # one part at a time: the other threads have calls, too
            options |= {"max_bytes": MAX_BYTES, "workers": 1}
            return longform.transcribe(self.api, recording, **options).to_dict(), None
        response = self.api.create_transcription_with_http_info(recording, **options)
        return response.data.to_dict(), response.request_id


def plan(audio: DirFileSystem, out: DirFileSystem) -> list[dict[str, Any]]:
    """Assign recordings to files by their path alone, so that each keeps its place for ever."""
    sources, files = defaultdict(list), defaultdict(list)
    for path in audio.find(""):
        if path.lower().endswith(AUDIO):
            sources[path.rpartition("/")[0].partition("/")[0] or "."].append(path)
    for source, paths in sources.items():
        folder = f"source={quote(source, safe='')}"
        begun = out.find(folder)  # the first run has set how many files a source has
        count = int(begun[0][-14:-8]) if begun else 1 + (len(paths) - 1) // ROWS_OF_A_FILE
        for path in paths:
            name = f"part-{crc32(path.encode()) % count:06}-of-{count:06}.parquet"
            files[f"{folder}/{name}"].append(path)
    return [{"file": file, "paths": paths} for file, paths in files.items()]


def main() -> None:
    audio, out = (DirFileSystem(root, fs) for fs, root in map(fsspec.url_to_fs, sys.argv[1:]))
    parts = plan(audio, out) or sys.exit("there is no audio")
    ray.init()
    # two files at a time, so that one begins while the last calls of the other finish
    pool = ray.data.ActorPoolStrategy(
        max_size=ACTORS, max_concurrent_calls_per_actor=2, enable_true_multi_threading=True
    )
    arguments = (audio, out, Configuration(retries=1000, timeout=PATIENCE))  # the timeout ends them
    dataset = ray.data.from_items(parts, override_num_blocks=len(parts))
    dataset.map(Transcriber, fn_constructor_args=arguments, compute=pool).materialize()

    out.fs.invalidate_cache()  # it still lists the files as they were
    rows = pq.read_table("", filesystem=out, columns=["duration", "usage", "error"])
    table = rows.flatten().to_pandas()
    failed, hours = table["error"].count(), table["duration"].sum() / 3600
    cost = sum(table[f"usage.{unit}"].sum() * price for unit, price in PRICES.items())
    print(f"{len(table) - failed} done, {failed} failed, {hours:.2f} hours, cost {cost:.2f}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
