"""The contenders, one file each, all with the same few methods.

Each method makes one call and gives a number that shows that it was made: how many characters,
segments, events or bytes came back.
"""

AUDIO = b"RIFF....WAVEfmt ".ljust(16 * 1024, b"\x00")
MODEL = "whisper-1"
SPEECH = {"model": "tts-1", "voice": "alloy", "input": "The quick brown fox."}
