"""The times of subtitles, and the rest."""

from __future__ import annotations


def without_times(subtitles: str) -> list[str]:
    return [line for line in subtitles.split("\n") if "-->" not in line]


def times(subtitles: str) -> list[float]:
    found = [
        time for line in subtitles.split("\n") if "-->" in line for time in line.split(" --> ")
    ]
    parts = [time.replace(",", ".").split(":") for time in found]
    return [60 * (60 * int(hours) + int(minutes)) + float(rest) for hours, minutes, rest in parts]
