"""A model of faster-whisper for tests: a whisper checkpoint converted here, without a network.

In: a whisper checkpoint. Out: a folder as faster-whisper's own converter writes it. That converter
needs another library and a model of its form, so the weights are carried over one by one. The
tokeniser has whisper's tokens but none of its merges: it reads tokens and writes letter by letter.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.specs import WhisperSpec
from whisper.decoding import DecodingOptions, DecodingTask
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer


def converted(checkpoint: Path, folder: Path) -> Path:
    """Convert a checkpoint; give the folder."""
    read = torch.load(checkpoint, weights_only=True)
    dims = ModelDimensions(**read["dims"])
    weights = {name: value.float().numpy() for name, value in read["model_state_dict"].items()}
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    _encoder(spec.encoder, weights)
    _decoder(spec.decoder, weights)
    folder.mkdir(parents=True)
    tokens = _tokeniser(dims, folder)
    _config(spec.config, Whisper(dims), dims)
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization=None)
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(
        json.dumps({"feature_size": dims.n_mels}), encoding="utf-8"
    )
    return folder


def _encoder(spec: Any, weights: dict[str, Any]) -> None:
    for name in ("conv1", "conv2"):
        part = getattr(spec, name)
        part.weight, part.bias = weights[f"encoder.{name}.weight"], weights[f"encoder.{name}.bias"]
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "encoder.ln_post")
    for n, layer in enumerate(spec.layer):
        _block(layer, weights, f"encoder.blocks.{n}")


def _decoder(spec: Any, weights: dict[str, Any]) -> None:
    spec.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.projection.weight = weights["decoder.token_embedding.weight"]
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "decoder.ln")
    for n, layer in enumerate(spec.layer):
        block = f"decoder.blocks.{n}"
        _block(layer, weights, block)
        _norm(layer.attention.layer_norm, weights, f"{block}.cross_attn_ln")
        _linear(layer.attention.linear[0], weights, f"{block}.cross_attn", "query")
        _linear(layer.attention.linear[1], weights, f"{block}.cross_attn", "key", "value")
        _linear(layer.attention.linear[2], weights, f"{block}.cross_attn", "out")


def _block(layer: Any, weights: dict[str, Any], block: str) -> None:
    _norm(layer.self_attention.layer_norm, weights, f"{block}.attn_ln")
    _linear(layer.self_attention.linear[0], weights, f"{block}.attn", "query", "key", "value")
    _linear(layer.self_attention.linear[1], weights, f"{block}.attn", "out")
    _norm(layer.ffn.layer_norm, weights, f"{block}.mlp_ln")
    _linear(layer.ffn.linear_0, weights, f"{block}.mlp", "0")
    _linear(layer.ffn.linear_1, weights, f"{block}.mlp", "2")


def _norm(spec: Any, weights: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _linear(spec: Any, weights: dict[str, Any], at: str, *names: str) -> None:
    """Put one or several projections into one; whisper's keys have no bias."""
    parts = [weights[f"{at}.{name}.weight"] for name in names]
    zero = [np.zeros(len(part), np.float32) for part in parts]
    biases = [
        weights.get(f"{at}.{name}.bias", none) for name, none in zip(names, zero, strict=True)
    ]
    spec.weight, spec.bias = np.concatenate(parts), np.concatenate(biases)


def _tokeniser(dims: ModelDimensions, folder: Path) -> list[str]:
    import tokenizers
    from tokenizers import decoders, models, pre_tokenizers

    multilingual = dims.n_vocab >= 51_865
    known = get_tokenizer(multilingual, num_languages=dims.n_vocab - 51_765 - int(multilingual))
    letters = _letters()
    words = {
        "".join(letters[byte] for byte in token): rank
        for token, rank in known.encoding._mergeable_ranks.items()
    }
    made = tokenizers.Tokenizer(models.BPE(vocab=words, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = sorted(known.encoding._special_tokens.items(), key=lambda item: item[1])
    made.add_special_tokens([name for name, _ in special])
    assert all(made.token_to_id(name) == number for name, number in special)
    made.save(str(folder / "tokenizer.json"))
    named = {rank: word for word, rank in words.items()} | {rank: word for word, rank in special}
    return [named.get(n, f"<unused {n}>") for n in range(dims.n_vocab)]


def _letters() -> dict[int, str]:
    """Give the letter that stands for each byte in files of byte-level tokenisers."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + n) for n, byte in enumerate(rest)}


def _config(config: Any, model: Whisper, dims: ModelDimensions) -> None:
    tokeniser = DecodingTask(model, DecodingOptions(language="en", fp16=False)).tokenizer
    config.suppress_ids = [
        *tokeniser.non_speech_tokens, tokeniser.transcribe, tokeniser.translate,
        tokeniser.sot, tokeniser.sot_prev, tokeniser.sot_lm,
    ]  # fmt: skip
    config.suppress_ids_begin = [*tokeniser.encode(" "), tokeniser.eot]
    config.lang_ids = list(tokeniser.all_language_tokens)
    config.alignment_heads = [
        (layer, head)
        for layer in range(dims.n_text_layer // 2, dims.n_text_layer)
        for head in range(dims.n_text_head)
    ]
