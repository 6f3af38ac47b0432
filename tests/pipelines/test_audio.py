"""Sound: every kind of file that people send, and files that are none."""

import io
import math
import tracemalloc
import wave

import av
import numpy as np
import pytest

from pipelines import audio
from workbench.errors import AudioError

KINDS = [
    # ending, encoder, sample format, rate, media type
    ("opus", "libopus", "s16", 48_000, "audio/ogg"),
    ("oga", "libopus", "s16", 16_000, "audio/ogg"),
    ("m4a", "aac", "fltp", 44_100, "audio/mp4"),
    ("mp3", "libmp3lame", "s16p", 44_100, "audio/mpeg"),
    ("wav", "pcm_s16le", "s16", 16_000, "audio/wav"),
    ("wav", "pcm_mulaw", "s16", 8_000, "audio/wav"),
    ("wav", "pcm_f32le", "flt", 22_050, "audio/wav"),
    ("flac", "flac", "s16", 48_000, "audio/flac"),
    ("amr", "libopencore_amrnb", "s16", 8_000, "audio/amr"),
    ("3gp", "aac", "fltp", 16_000, "audio/mp4"),
    ("aac", "aac", "fltp", 44_100, "audio/aac"),
    ("webm", "libopus", "s16", 48_000, "audio/webm"),
    ("wma", "wmav2", "fltp", 44_100, "audio/x-ms-wma"),
    ("mp4", "aac", "fltp", 44_100, "audio/mp4"),
    ("mov", "aac", "fltp", 44_100, "audio/mp4"),
]
FORMATS = {"m4a": "ipod", "aac": "adts", "wma": "asf", "opus": "ogg", "oga": "ogg"}


def tone(seconds=1.0, rate=16_000, hertz=440.0):
    at = np.arange(round(seconds * rate)) / rate
    return (0.4 * np.sin(2 * math.pi * hertz * at)).astype(np.float32)


def encoded(ending, encoder, layout, rate, seconds=1.0, channels="mono"):
    """Write a tone as a file of some kind."""
    target = io.BytesIO()
    with av.open(target, "w", format=FORMATS.get(ending, ending)) as container:
        stream = container.add_stream(encoder, rate=rate, layout=channels)
        if encoder == "wmav2":
            stream.bit_rate = 48_000
        samples = tone(seconds, rate)
        frame = av.AudioFrame.from_ndarray(
            (np.stack([samples] * (2 if channels == "stereo" else 1)) * 32767).astype(np.int16).T
            .reshape(1, -1), format="s16", layout=channels)  # fmt: skip
        frame.sample_rate = rate
        size = stream.codec_context.frame_size or 0
        graph = av.AudioResampler(format=layout, layout=channels, rate=rate, frame_size=size)
        for part in [*graph.resample(frame), *graph.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def film_without_sound():
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


@pytest.mark.parametrize(("ending", "encoder", "layout", "rate", "media_type"), KINDS)
def test_every_kind_is_decoded_to_16_khz_mono(ending, encoder, layout, rate, media_type):
    data = encoded(ending, encoder, layout, rate)
    sound = audio.decode(io.BytesIO(data), name=f"a.{ending}")
    assert sound.samples.dtype == np.float32 and sound.samples.ndim == 1
    assert abs(sound.duration_ms - 1000) <= 150
    assert sound.warning == ""
    middle = sound.samples[4000:12000]
    loudest = np.argmax(np.abs(np.fft.rfft(middle))) * audio.RATE / len(middle)
    assert abs(loudest - 440) <= 4
    facts = audio.probe(io.BytesIO(data), name=f"a.{ending}")
    assert (facts.media_type, facts.n_channels) == (media_type, 1)
    assert facts.duration_ms == sound.duration_ms


def test_a_path_and_an_open_file_give_the_same(tmp_path):
    path = tmp_path / "voice note é.wav"
    path.write_bytes(encoded("wav", "pcm_s16le", "s16", 16_000))
    by_path = audio.decode(path, name=path.name)
    with path.open("rb") as file:
        assert np.array_equal(audio.decode(file, name="a").samples, by_path.samples)


def test_samples_are_what_was_written():
    sound = audio.decode(io.BytesIO(encoded("wav", "pcm_s16le", "s16", 16_000)), name="a.wav")
    assert np.abs(sound.samples - tone()).max() < 2 / 32_768


def test_stereo_becomes_mono():
    data = encoded("wav", "pcm_s16le", "s16", 16_000, channels="stereo")
    sound = audio.decode(io.BytesIO(data), name="a.wav")
    assert len(sound.samples) == 16_000
    assert np.abs(sound.samples - tone()).max() < 4 / 32_768


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"", "empty", "a.mp3: the file is empty. Send it again from the device."),
        (b"Dear all, no sound here. " * 40, "not_media", "a.mp3: this is not a recording"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no_audio", "a.mp3: there is no sound in the file."),
        (film_without_sound(), "no_audio", "a.mp3: there is no sound in the file."),
        (encoded("m4a", "aac", "fltp", 44_100)[:2000], "not_media", "a.mp3: this is not"),
        (encoded("wav", "pcm_s16le", "s16", 16_000)[:44], "not_media", "a.mp3: this is not"),
    ],
    ids=["empty", "text", "picture", "film", "cut m4a", "header only"],
)
def test_what_is_no_recording_says_so(data, code, message):
    for read in (audio.decode, audio.probe):
        with pytest.raises(AudioError) as raised:
            read(io.BytesIO(data), name="a.mp3")
        assert raised.value.code == code
        assert str(raised.value).startswith(message)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(AudioError) as raised:
        audio.decode(tmp_path / "gone.mp3", name="gone.mp3")
    assert raised.value.code == "missing"


def test_a_damaged_file_gives_what_can_be_read_and_a_warning():
    data = bytearray(encoded("mp3", "libmp3lame", "s16p", 44_100, seconds=4))
    data[len(data) // 2 : len(data) // 2 + 3000] = bytes(b"\xff\xfb\x00" * 1000)
    sound = audio.decode(io.BytesIO(bytes(data)), name="a.mp3")
    assert 2_000 < sound.duration_ms < 4_300
    assert sound.warning == audio.DAMAGED


def test_a_recording_that_is_too_long_is_refused_early():
    data = encoded("opus", "libopus", "s16", 48_000, seconds=5)
    with pytest.raises(AudioError, match=r"longer than 0.05 minutes\. Cut it") as raised:
        audio.decode(io.BytesIO(data), name="long.opus", max_seconds=3)
    assert raised.value.code == "too_long"
    assert audio.decode(io.BytesIO(data), name="long.opus", max_seconds=6).duration_ms > 4_900


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_sound_that_is_not_finite_is_refused(value):
    samples = tone()
    samples[9_000] = value
    data = io.BytesIO()
    with av.open(data, "w", format="wav") as container:
        stream = container.add_stream("pcm_f32le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    for read in (audio.decode, audio.probe):
        with pytest.raises(AudioError, match=r"^nan\.wav: the sound holds values") as raised:
            read(io.BytesIO(data.getvalue()), name="nan.wav")
        assert raised.value.code == "not_finite"


def test_a_header_that_claims_gigabytes_costs_no_memory():
    data = bytearray(encoded("wav", "pcm_s16le", "s16", 16_000))
    at = data.index(b"data") + 4
    data[4:8] = data[at : at + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    tracemalloc.start()
    try:
        sound = audio.decode(io.BytesIO(bytes(data)), name="big.wav", max_seconds=60)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sound.duration_ms == 1_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("ending", "encoder", "layout", "rate"),
    [("mp3", "libmp3lame", "s16p", 44_100), ("opus", "libopus", "s16", 48_000),
     ("wav", "pcm_s16le", "s16", 16_000), ("amr", "libopencore_amrnb", "s16", 8_000)],
)  # fmt: skip
def test_a_file_cut_short_gives_its_beginning(ending, encoder, layout, rate):
    data = encoded(ending, encoder, layout, rate, seconds=4)
    sound = audio.decode(io.BytesIO(data[: len(data) * 6 // 10]), name=f"a.{ending}")
    assert 1_000 < sound.duration_ms < 3_500


def test_a_wave_file_holds_the_same_sound():
    sound = audio.Sound(tone())
    with wave.open(io.BytesIO(audio.wave_file(sound))) as read:
        assert (read.getnchannels(), read.getframerate(), read.getnframes()) == (1, 16_000, 16_000)
    again = audio.decode(io.BytesIO(audio.wave_file(sound)), name="a.wav")
    assert np.abs(again.samples - sound.samples).max() <= 1 / 32_768
