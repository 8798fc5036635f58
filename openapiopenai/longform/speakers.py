"""Speakers of the first part, introduced to the others by samples of their voices."""

from __future__ import annotations

from base64 import b64encode
from itertools import chain, count, islice, product
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, NamedTuple

from openapiopenai.longform.cutting import encode_sample
from openapiopenai.longform.planning import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds of a sample (the API's description: 2 to 10 s); a little inside, since encoders pad.
_SHORTEST, _LONGEST = 2.1, 9.5

#: How many speakers one request may introduce (the API's description).
_MOST = 4


#: Prefix of the labels of the first part when they are introduced, since a server gives labels of
#: the same kind to speakers whom it does not know.
_INTRODUCED = "speaker "


class Speakers(NamedTuple):
    """Speakers who are introduced to a part.

    :param names: their names.
    :param references: a sample of each, as a data URL.
    :param labels: the name of each in the result, if it is another.
    """

    names: list[str]
    references: list[str]
    labels: dict[str, str]

    def parameters(self) -> dict[str, list[str]]:
        """Return the parameters of a call that introduce them; empty if there are none."""
        if not self.names:
            return {}
        return {"known_speaker_names": self.names, "known_speaker_references": self.references}


def introduce(known: Speakers, result: Any, sound: bytes) -> Speakers:
    """Return the speakers whom the caller knows and those of the first part.

    :param known: the speakers whom the caller knows.
    :param result: the diarized result of the first part.
    :param sound: the file of the first part.
    :return: up to four speakers: the caller's, then those who speak most.
    """
    stretches = _stretches(result, known.names)
    ranked = sorted(stretches, key=lambda label: -sum(span.length for span in stretches[label]))
    usable = ((label, spans) for label in ranked if (spans := _sample_of(stretches[label])))
    chosen = dict(islice(usable, max(0, _MOST - len(known.names))))
    labels = {f"{_INTRODUCED}{label}": label for label in chosen}
    samples = [_data_url(sound, spans) for spans in chosen.values()]
    return Speakers([*known.names, *labels], [*known.references, *samples], labels)


def _stretches(result: Any, known: Iterable[str]) -> dict[str, list[Span]]:
    """Return the spans in which each new speaker speaks."""
    stretches: dict[str, list[Span]] = {}
    for segment in _segments_of(result):
        if None not in (segment.speaker, segment.start, segment.end):
            span = Span(segment.start, segment.end)
            stretches.setdefault(str(segment.speaker), []).append(span)
    return {label: spans for label, spans in stretches.items() if label not in known}


def _sample_of(stretches: list[Span]) -> list[Span]:
    """Return the longest spans, until they are long enough together; none if they never are."""
    sample: list[Span] = []
    length = 0.0
    for span in sorted(stretches, key=lambda span: -span.length):
        sample.append(Span(span.start, min(span.end, span.start + _LONGEST - length)))
        length += sample[-1].length
        if length >= _SHORTEST:
            return sample
    return []


def _data_url(sound: bytes, spans: list[Span]) -> str:
    return "data:audio/ogg;base64," + b64encode(encode_sample(sound, spans)).decode()


def name_speakers(results: list[Any], speakers: Speakers) -> None:
    """Label each speaker alike in all parts.

    Those who were introduced get the label of the first part. Others get a new label in each part,
    since A in one part need not be A in another.

    :param results: the diarized results, in order; changed in place.
    :param speakers: the speakers who were introduced to all parts but the first.
    """
    taken = {*speakers.names, *_labels_of(results[0])}
    for result in results[1:]:
        names = dict(speakers.labels)
        for label in _labels_of(result):
            if label not in names and label not in speakers.names:
                names[label] = label if label not in taken else _free_label(taken)
                taken.add(names[label])
        for segment in _segments_of(result):
            segment.speaker = names.get(str(segment.speaker), segment.speaker)


def _labels_of(result: Any) -> list[str]:
    speakers = (segment.speaker for segment in _segments_of(result))
    return list(dict.fromkeys(str(speaker) for speaker in speakers if speaker is not None))


def _segments_of(result: Any) -> list[Any]:
    return getattr(result, "segments", None) or []


def _free_label(taken: set[str]) -> str:
    """Return the first of A, B, ... Z, AA, AB, ... that is not taken."""
    lengths = (product(ascii_uppercase, repeat=length) for length in count(1))
    labels = map("".join, chain.from_iterable(lengths))
    return next(label for label in labels if label not in taken)
