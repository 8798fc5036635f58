"""Every block of code in the documents runs, and prints what they say it prints."""

from __future__ import annotations

import contextlib
import doctest
import io
import itertools
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wire import Answer, RecordingServer

import openapiopenai
from docs.pages import ROOT, Block, all_blocks, blocks, chains

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire import Recorded

    from openapiopenai.local import LocalServer

SENTENCE = "Good morning and welcome to the show."
#: What is spoken where no page prints the transcript: it takes less time to recognize.
GREETING = "Good morning."
FORMATS = ("mp3", "opus", "aac", "flac", "wav")

RECORDING = re.compile(rf'"([\w-]+)\.({"|".join(FORMATS)})"')
HOST = re.compile(r'(?<=host=")https?://[^/"]+')
VARIABLE = re.compile(r'os\.environ\["(\w+)"\]')
PLAYERS = ("ffplay", "aplay")

MOST_SHOWN_ONLY = 2


def chains_to_run() -> list[Any]:
    """Return the blocks that run against the local server, each with those that continue it."""
    return [pytest.param(chain, id=str(chain[0])) for chain in chains() if not chain[0].how]


def blocks_run(how: str) -> list[Any]:
    """Return the blocks whose comment begins so."""
    return [pytest.param(each, id=str(each)) for each in all_blocks("python") if _is(how, each)]


def _is(how: str, block: Block) -> bool:
    return block.how.partition(":")[0] == how


def printed_after(block: Block) -> str | None:
    """Return what the page says that a block prints."""
    following = itertools.dropwhile(lambda each: each != block, blocks(block.page))
    after = list(following)[1:2]
    return after[0].code if after and after[0].how == "prints" else None


@pytest.fixture(scope="session")
def recordings(
    local_server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Path]:
    """Speak each text once in each format; the path of a recording is under the two."""
    directory = tmp_path_factory.mktemp("recordings")
    made = {}
    with openapiopenai.ApiClient(openapiopenai.Configuration(local_server.host)) as client:
        for text, kind in itertools.product((SENTENCE, GREETING), FORMATS):
            made[text, kind] = directory / f"{len(text)}.{kind}"
            request = {"model": "tts-1", "voice": "alloy", "input": text}
            with openapiopenai.AudioApi(client).create_speech_streaming(
                {**request, "response_format": kind}
            ) as speech:
                speech.save(made[text, kind])
    return made


@pytest.fixture
def a_reader_s_machine(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    local_server: LocalServer,
    no_defaults: None,  # noqa: ARG001
) -> Iterator[None]:
    """What a reader of the documents has: a key, a server, players, an empty directory."""
    for name, value in {
        "OPENAI_BASE_URL": local_server.host,
        "OPENAI_API_KEY": "sk-test",
        "BEARER_TOKEN": "sk-test",
        "PATH": f"{players(tmp_path)}{os.pathsep}{os.environ['PATH']}",
    }.items():
        monkeypatch.setenv(name, value)
    directory = tmp_path / "here"
    directory.mkdir()
    monkeypatch.chdir(directory)
    # for an example that asks for a folder and a file; test/ray runs it on more than an empty one
    monkeypatch.setattr(sys, "argv", ["example.py", ".", "rows.jsonl"])
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)  # else it leaves a thread behind
    logger = logging.getLogger("openapiopenai")
    level = logger.level
    yield
    logger.setLevel(level)
    openapiopenai.ApiClient.get_default().close()


def players(directory: Path) -> Path:
    """Return a directory with players that make no sound, and note what they were given."""
    (directory / "bin").mkdir()
    for name in PLAYERS:
        player = directory / "bin" / name
        player.write_text('#!/bin/sh\ncat > "played-by-$(basename "$0")"\n', encoding="utf-8")
        player.chmod(0o755)
    return directory / "bin"


def provide(code: str, recordings: dict[tuple[str, str], Path], *printed: str | None) -> None:
    """Put the recordings that an example names, and none else, where it looks for them.

    :param printed: what the example prints.
    """
    is_printed = any(SENTENCE.lower().rstrip(".") in text for text in printed if text)
    for name, kind in RECORDING.findall(code):
        shutil.copy(recordings[SENTENCE if is_printed else GREETING, kind], f"{name}.{kind}")


def run(block: Block, code: str, names: dict[str, Any]) -> str:
    """Run an example and return what it prints; a failure points to its line on the page."""
    if re.search(r"\blongform\b", code):
        pytest.importorskip("openapiopenai.longform", exc_type=ImportError)
    lines = "\n" * (block.line - 1) + code
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(lines, str(block.page), "exec", dont_inherit=True), names)
    assert "Exception when calling" not in output.getvalue()
    return output.getvalue()


def assert_prints(expected: str | None, output: str) -> None:
    """Compare as doctest does: ``...`` is anything, and white space is white space."""
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    matches = expected is None or doctest.OutputChecker().check_output(expected, output, options)
    assert matches, f"the page says:\n{expected}\nit prints:\n{output}"


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize("chain", chains_to_run())
def test_an_example_runs_against_the_local_server(
    chain: list[Block], recordings: dict[tuple[str, str], Path]
) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    provide("".join(block.code for block in chain), recordings, *map(printed_after, chain))
    for block in chain:
        assert_prints(printed_after(block), run(block, block.code, names))
    for player in PLAYERS:
        assert f'"{player}"' not in chain[0].code or Path(f"played-by-{player}").stat().st_size


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize("page", ["README.md", "docs/quick-start.md"])
def test_the_first_pages_make_the_recordings_that_they_read(page: str) -> None:
    for block in all_blocks("python"):
        if block.page == ROOT / page and not block.how:
            run(block, block.code, {"__name__": "__main__"})


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize("block", blocks_run("recorded"))
def test_an_example_for_another_server_sends_what_the_page_says(
    block: Block,
    recordings: dict[tuple[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    recording: RecordingServer,
) -> None:
    provide(block.code, recordings)
    for name in VARIABLE.findall(block.code):
        monkeypatch.setenv(name, "sk-test")
    recording.answer_with(answer_for)
    code, replaced = HOST.subn(recording.origin, block.code)
    assert replaced == 1
    assert_prints(printed_after(block), run(block, code, {"__name__": "__main__"}))
    sent = f"{recording.last.method} {recording.last.target}"
    assert sent == block.how.removeprefix("recorded: ")
    key = recording.last.headers.get("authorization") or recording.last.headers.get("api-key")
    assert bool(key) == ("os.environ" in block.code)


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize(
    "block", [block for block in all_blocks("sh") if block.how == "run"], ids=str
)
def test_shell_commands_run_against_the_local_server(
    block: Block, recordings: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    script = tmp_path / "bin" / "openapiopenai"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m openapiopenai "$@"\n', "utf-8")
    script.chmod(0o755)
    for name in ("talk.mp3", "lectures/monday.mp3"):
        Path(name).parent.mkdir(exist_ok=True)
        shutil.copy(recordings[GREETING, "mp3"], name)
    Path("book.txt").write_text(GREETING, "utf-8")
    for line in block.code.splitlines():
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(line, shell=True, check=True, capture_output=True, env=environment)
        written = re.search(r"-o (\w[\w./]*)", line)
        player = next((name for name in PLAYERS if name in line), None)
        made = written[1] if written else f"played-by-{player}" if player else None
        assert Path(made).exists() if made else done.stdout


def answer_for(request: Recorded) -> Answer:
    """Return an answer that has something of every server's."""
    if request.path.endswith("/voices"):
        return Answer(body={"id": "voice_1234", "name": "Anna"})
    if request.path.endswith("/speech"):
        return Answer(body=b"ID3" + bytes(64), headers={"Content-Type": "audio/mpeg"})
    fields = {part.name: part.text for part in request.form if not part.filename}
    if fields.get("stream") == "true":
        return Answer(body=VLLM_EVENTS, headers={"Content-Type": "text/event-stream"})
    if fields.get("response_format") in ("text", "srt", "vtt"):
        return Answer(body="1\n00:00:00,000 --> 00:00:01,000\nhello\n")
    return Answer(body=ANSWER)


VLLM_EVENTS = """\
data: {"object":"transcription.chunk","choices":[{"delta":{"content":"hello"}}]}

data: {"object":"transcription.chunk","choices":[],"usage":{"total_tokens":3}}

data: [DONE]

"""
SEGMENT = {"id": 0, "start": 0.0, "end": 1.0, "text": "hello", "speaker": "A"}
ANSWER = {"text": "hello", "segments": [SEGMENT], "x_groq": {"id": "req_1"}}


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize("block", blocks_run("script"))
def test_an_example_runs_as_a_script(block: Block, recordings: dict[tuple[str, str], Path]) -> None:
    for module in block.how.removeprefix("script").strip(": ").replace(",", " ").split():
        pytest.importorskip(module)
    provide(block.code, recordings, printed_after(block))
    Path("example.py").write_text(block.code, encoding="utf-8")
    assert_prints(printed_after(block), output_of(["example.py"]))


@pytest.mark.parametrize("block", blocks_run("pytest"))
def test_an_example_passes_as_a_test(block: Block, tmp_path: Path) -> None:
    assert_passes(block, tmp_path)


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize("block", blocks_run("pytest-recording"))
def test_an_example_records_and_replays(block: Block, tmp_path: Path) -> None:
    pytest.importorskip("pytest_recording")
    assert_passes(block, tmp_path, "--record-mode=once")
    assert_passes(block, tmp_path, "--block-network")


def assert_passes(block: Block, folder: Path, *options: str) -> None:
    """Run a block as a test module, in a folder of its own."""
    (folder / "test_example.py").write_text(block.code, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    output = output_of(["-m", "pytest", "-q", *options, str(folder)])
    assert re.search(r"^\d+ passed", output, re.MULTILINE)


@pytest.mark.usefixtures("a_reader_s_machine")
@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=block.how)
        for block in all_blocks("text")
        if re.fullmatch(r"prints: docs/examples/\w+\.py", block.how)
    ],
)
def test_a_command_prints_what_the_page_says(block: Block) -> None:
    output = output_of([str(ROOT / block.how.removeprefix("prints: "))])
    assert masked(output) == masked(block.code)


def test_the_local_server_announces_itself_as_the_page_says() -> None:
    shown = next(each for each in all_blocks("text") if each.how.startswith("prints: python -m"))
    command = [sys.executable, *shown.how.split()[2:], "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = list(iter(process.stdout.readline, shown.code.splitlines(keepends=True)[-1]))
        process.terminate()
    assert masked("".join(lines)) == masked(shown.code)[:-1]


def masked(text: str) -> list[str]:
    """Return the lines that say something, without what differs from run to run."""
    lines = re.sub(r"\d+([.,]\d+)", r"0\1", text).splitlines()
    return [re.sub(r"[\d.,:]+", "0", line).strip() for line in lines if line.strip()]


def output_of(arguments: list[str]) -> str:
    """Return what a command of this Python prints, which must not fail."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_hardly_anything_is_only_shown() -> None:
    shown = [block for block in all_blocks("python") if _is("shown only", block)]
    assert len(shown) <= MOST_SHOWN_ONLY
    assert all(block.how.partition(": ")[2] for block in shown)  # a reason


@pytest.mark.parametrize("block", all_blocks("python", "text", "sh"), ids=str)
def test_comments_before_blocks_are_known(block: Block) -> None:
    known = {
        *("", "continues", "recorded", "script", "pytest", "pytest-recording"),
        *("shown only", "prints", "run"),
    }
    assert block.how.partition(":")[0] in known
