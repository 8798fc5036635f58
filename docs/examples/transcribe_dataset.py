"""Transcribe a folder or bucket of audio with Ray Data: Parquet by source, a row per recording.

    python transcribe_dataset.py s3://archive/audio s3://archive/transcripts --actors 8

Stop it however you like and start it again: it does what is missing or failed. Key and server come
from OPENAI_API_KEY and OPENAI_BASE_URL, a cluster from RAY_ADDRESS; see docs/scale-out.md.
"""

import argparse
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zlib import crc32

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import ray

from openapiopenai import ApiClient, AudioApi, Configuration, TooManyRequestsException
from openapiopenai.retry import RetryPolicy

OPTIONS = {"model": "whisper-1", "format": "verbose_json", "actors": 2, "in-flight": 16}
OPTIONS |= {"part": 100, "per-minute": 0.0, "per-million-in": 0.0, "per-million-out": 0.0}
AUDIO = (".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".oga", ".ogg", ".wav", ".webm")
PATIENCE = 600  # seconds that rate limits may keep a recording waiting
USAGE = {"seconds": pa.float64(), "input_tokens": pa.int64(), "output_tokens": pa.int64()}
SEGMENT = {"start": pa.float64(), "end": pa.float64(), "text": pa.string()}
ERROR = {"type": pa.string(), "status": pa.int32(), "message": pa.string()}
SCHEMA = dict.fromkeys(("path", "text", "language", "request_id"), pa.string())
SCHEMA |= {"duration": pa.float64(), "segments": pa.list_(pa.struct(SEGMENT))}
SCHEMA |= {"usage": pa.struct(USAGE), "error": pa.struct(ERROR)}


class AllButRateLimits(RetryPolicy):
    """Leaves 429 to the actor: a limit concerns all its calls, not only the one that met it."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code != 429 and super().is_retry(method, status_code, has_retry_after)


class Transcriber:
    """An actor: one client, and a bounded number of calls in flight."""

    def __init__(self, job: argparse.Namespace, configuration: Configuration) -> None:
        self.job, self.api = job, AudioApi(ApiClient(configuration))
        self.calls, self.resume_at = ThreadPoolExecutor(job.in_flight), 0.0
        (self.audio, self.root), (self.out, _) = map(fsspec.url_to_fs, (job.audio, job.out))

    def __call__(self, batch: pa.Table) -> pa.Table:
        return pa.Table.from_pylist([self.bring_up_to_date(**part) for part in batch.to_pylist()])

    def bring_up_to_date(self, file: str, paths: list[str]) -> dict[str, float]:
        rows = {row["path"]: row for row in self.rows_of(file)}
        missing = [path for path in paths if path not in rows or rows[path]["error"]]
        rows |= zip(missing, self.calls.map(self.row, missing), strict=True)
        if missing:
            self.replace(file, pa.Table.from_pylist(list(rows.values()), pa.schema(SCHEMA)))
        return totals(list(rows.values()))

    def rows_of(self, file: str) -> list[dict[str, Any]]:
        return pq.read_table(self.out.open(file)).to_pylist() if self.out.exists(file) else []

    def replace(self, file: str, table: pa.Table) -> None:
        """Put a file in place as a whole: whoever reads meets the old one or the new one."""
        folder, _, name = file.rpartition("/")
        unfinished = f"{folder}/.{uuid4().hex}-{name}"  # readers pass over names with a dot
        self.out.makedirs(folder, exist_ok=True)
        with self.out.open(unfinished, "wb") as stream:
            pq.write_table(table, stream)
        self.out.mv(unfinished, file)

    def row(self, path: str) -> dict[str, Any]:
        try:
            answer = self.transcribe(path)
        except Exception as error:  # whatever it is, it is what came of this recording
            status, request_id = (getattr(error, name, None) for name in ("status", "request_id"))
            told = {"type": type(error).__name__, "status": status, "message": str(error)}
            return {"path": path, "request_id": request_id, "error": told}
        heard = answer.data.to_dict()
        return {**heard, "path": path, "request_id": answer.request_id, "error": None}

    def transcribe(self, path: str) -> Any:
        give_up_at = time.monotonic() + PATIENCE
        while True:
            time.sleep(max(0.0, self.resume_at - time.monotonic()))
            try:
                with self.audio.open(f"{self.root}/{path}") as audio:
                    return self.api.create_transcription_with_http_info(
                        (path, audio), self.job.model, response_format=self.job.format
                    )
            except TooManyRequestsException as limit:
                resume_at = time.monotonic() + (limit.retry_after or 1)
                if limit.code == "insufficient_quota" or resume_at > give_up_at:
                    raise
                self.resume_at = max(self.resume_at, resume_at)


def totals(rows: list[dict[str, Any]]) -> dict[str, float]:
    failed = sum(row["error"] is not None for row in rows)
    usages = [row.get("usage") or {} for row in rows]
    billed = {name: sum(usage.get(name) or 0.0 for usage in usages) for name in USAGE}
    heard = sum(row.get("duration") or 0.0 for row in rows)
    return {"done": len(rows) - failed, "failed": failed, "heard": heard, **billed}


def plan(job: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Deal recordings to files by nothing but their path, so that each has one place for ever."""
    (audio, root), (out, out_root) = map(fsspec.url_to_fs, (job.audio, job.out))
    sources = defaultdict(list)
    for path in (found.removeprefix(root).lstrip("/") for found in audio.find(root)):
        if path.lower().endswith(AUDIO):
            sources[path.split("/")[0] if "/" in path else "."].append(path)
    for source, paths in sources.items():
        folder = f"{out_root}/source={quote(source, safe='')}"
        there = out.find(folder)  # the number of files stays what it was
        count = int(there[0][-13:-8]) if there else math.ceil(len(paths) / job.part)
        parts = defaultdict(list)
        for path in paths:
            parts[crc32(path.encode()) % count].append(path)
        for number, dealt in parts.items():
            yield {"file": f"{folder}/part-{number:05}-of-{count:05}.parquet", "paths": dealt}


def main() -> None:
    parser = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("audio", help="the recordings: a folder or bucket, as fsspec names it")
    parser.add_argument("out", help="the data set, new or begun")
    for name, default in OPTIONS.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=" ")
    job = parser.parse_args()
    parts = list(plan(job)) or parser.error(f"there is no audio in {job.audio}")
    ray.init()
    dataset = ray.data.from_items(parts, override_num_blocks=min(len(parts), 1000)).map_batches(
        Transcriber,
        fn_constructor_args=(job, Configuration(retries=AllButRateLimits(5))),
        batch_size=None,
        batch_format="pyarrow",
        max_concurrency=2,  # the next file begins while the last calls of one are waited for
        compute=ray.data.ActorPoolStrategy(
            min_size=1, max_size=job.actors, enable_true_multi_threading=True
        ),
    )
    total: Counter[str] = Counter()
    for part in dataset.iter_rows():
        total.update(part)
    tokens = (
        total["input_tokens"] * job.per_million_in + total["output_tokens"] * job.per_million_out
    )
    cost = total["seconds"] / 60 * job.per_minute + tokens / 1e6
    hours = total["heard"] / 3600
    print(f"{total['done']} done, {total['failed']} failed, {hours:.2f} hours, cost {cost:.2f}")
    sys.exit(total["failed"] > 0)


if __name__ == "__main__":
    main()
