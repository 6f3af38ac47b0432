"""Ragged decoding: windows of many notes through whisper's decoder at once.

In: encoder output and decoding options of each window. Out: what `whisper.decode` would give for
each one alone: same tokens, same timestamps, log-probabilities equal but for rounding.

Only the loop of greedy and sampled decoding is replaced (`DecodingTask._main_loop` of
openai-whisper 20250625). Prompts of different lengths are padded on the left: a row's positions
begin after its padding, and padding is masked out of self-attention. Temperature, language, length
and random numbers belong to the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from whisper.decoding import DecodingOptions, DecodingResult, DecodingTask
from whisper.utils import compression_ratio

KEEP = 0.75
"""Rows that are finished are dropped when no more than this share is still being written."""


@dataclass(frozen=True, slots=True)
class Window:
    """Up to 30 seconds of one note, encoded.

    `features` has shape (n_audio_ctx, n_audio_state). `generator` gives the random numbers where
    the temperature is above 0.
    """

    features: Tensor
    options: DecodingOptions
    generator: torch.Generator | None = None


def can_share(options: DecodingOptions) -> bool:
    """Tell whether a window can be decoded beside others: not with beams or several tries."""
    return options.beam_size is None and not options.best_of and options.task != "lang_id"


def shared_rules(options: DecodingOptions) -> tuple[object, ...]:
    """Give what windows that are decoded together must have in common."""
    suppressed = options.suppress_tokens
    return (
        suppressed if isinstance(suppressed, str) or suppressed is None else tuple(suppressed),
        options.suppress_blank,
        options.without_timestamps,
        options.max_initial_timestamp,
        options.fp16,
    )


@torch.no_grad()
def decode_windows(model: Any, windows: Sequence[Window]) -> list[DecodingResult]:
    """Decode windows side by side, greedily or by sampling.

    Parameters
    ----------
    model
        A `whisper.model.Whisper`.
    windows
        At least one; `can_share` holds for all, and `shared_rules` gives the same for all.
    """
    batch = _Batch(model, windows)
    hidden = batch.read_prompts()
    while batch.write(hidden):
        hidden = batch.read_last()
    return batch.results()


class _Batch:
    """The rows that are being decoded, those still alive first and foremost."""

    def __init__(self, model: Any, windows: Sequence[Window]) -> None:
        self.model, self.windows = model, windows
        self.tasks = [DecodingTask(model, window.options) for window in windows]
        self.tokenizer = self.tasks[0].tokenizer
        self.device = model.device
        features = torch.stack([window.features for window in windows])
        self.dtype = features.dtype
        self.vocabulary = model.decoder.token_embedding.weight.to(self.dtype)
        self.prompts = [list(task.initial_tokens) for task in self.tasks]
        self.longest = max(map(len, self.prompts))
        self.padding = self._tensor([self.longest - len(prompt) for prompt in self.prompts])
        self.is_ragged = bool((self.padding > 0).any())
        limit = model.dims.n_text_ctx + 1
        lengths = [
            min(task.sample_len, limit - len(prompt))
            for task, prompt in zip(self.tasks, self.prompts, strict=True)
        ]
        self.lengths = self._tensor(lengths)
        n = len(windows)
        self.cache = _Cache(model.decoder, features, self.longest + max(lengths))
        self.rules = _Rules(model, self.tasks[0], n)
        self.temperatures = torch.tensor(
            [float(window.options.temperature) for window in windows], device=self.device
        )
        self.generators = [window.generator for window in windows]
        self.rows = torch.arange(n, device=self.device)
        self.alive = torch.ones(n, dtype=torch.bool, device=self.device)
        self.written = torch.full((n, max(lengths)), self.tokenizer.eot, device=self.device)
        self.sums = torch.zeros(n, device=self.device)
        self.no_speech = [float("nan")] * n
        self.last = torch.empty(0, dtype=torch.long, device=self.device)
        self.step = 0

    def _tensor(self, values: Sequence[int]) -> Tensor:
        return torch.tensor(values, dtype=torch.long, device=self.device)

    def read_prompts(self) -> Tensor:
        """Run all prompts through the decoder; give the hidden state of their last tokens."""
        tokens = torch.full(
            (len(self.prompts), self.longest), self.tokenizer.eot, device=self.device
        )
        for row, prompt in enumerate(self.prompts):
            tokens[row, self.longest - len(prompt) :] = self._tensor(prompt)
        at = torch.arange(self.longest, device=self.device)
        positions = (at[None] - self.padding[:, None]).clamp(min=0)
        mask = None
        if self.is_ragged:
            seen = at[None] >= self.padding[:, None]
            itself = torch.eye(self.longest, dtype=torch.bool, device=self.device)
            before = at[:, None] >= at[None]
            mask = (before[None] & (seen[:, None, :] | itself))[:, None]
        hidden = self.cache.forward(tokens, positions, mask, self.dtype)
        if self.tokenizer.no_speech is not None:
            starts = self._tensor([task.sot_index for task in self.tasks]) + self.padding
            first = hidden[torch.arange(len(self.prompts), device=self.device), starts]
            chances = (first @ self.vocabulary.T).float().softmax(dim=-1)
            self.no_speech = chances[:, self.tokenizer.no_speech].tolist()
        return hidden[:, -1]

    def read_last(self) -> Tensor:
        """Run the tokens just written through the decoder."""
        t = self.cache.length
        limit = self.model.dims.n_text_ctx - 1
        positions = (t - self.padding)[:, None].clamp(max=limit)
        mask = None
        if self.is_ragged:
            at = torch.arange(t + 1, device=self.device)
            mask = (at[None] >= self.padding[:, None])[:, None, None]
        return self.cache.forward(self.last[:, None], positions, mask, self.dtype)[:, -1]

    def write(self, hidden: Tensor) -> bool:
        """Choose every row's next token; tell whether any row goes on."""
        logits = (hidden @ self.vocabulary.T).float()
        self.rules.apply(logits, first=self.step == 0)
        chosen = self._choose(logits)
        chances = logits.log_softmax(dim=-1).gather(1, chosen[:, None])[:, 0]
        self.sums[self.rows] += torch.where(self.alive, chances, torch.zeros_like(chances))
        chosen = torch.where(self.alive, chosen, torch.full_like(chosen, self.tokenizer.eot))
        self.written[self.rows, self.step] = chosen
        self.rules.note(chosen, first=self.step == 0)
        self.step += 1
        self.alive &= (chosen != self.tokenizer.eot) & (self.step < self.lengths[self.rows])
        self.last = chosen
        n_alive = int(self.alive.sum())
        if 0 < n_alive <= KEEP * len(self.rows):
            self._drop_finished()
        return n_alive > 0

    def _choose(self, logits: Tensor) -> Tensor:
        chosen = logits.argmax(dim=-1)
        for row in (self.temperatures > 0).nonzero().flatten().tolist():
            if self.alive[row]:
                chances = (logits[row] / self.temperatures[row]).softmax(dim=-1)
                chosen[row] = torch.multinomial(
                    chances, 1, replacement=True, generator=self.generators[row]
                )[0]
        return chosen

    def _drop_finished(self) -> None:
        kept = self.alive.nonzero().flatten()
        self.cache.keep(kept)
        self.rules.keep(kept)
        self.rows, self.padding, self.last = self.rows[kept], self.padding[kept], self.last[kept]
        self.temperatures, self.alive = self.temperatures[kept], self.alive[kept]
        self.generators = [self.generators[row] for row in kept.tolist()]

    def results(self) -> list[DecodingResult]:
        """Give what was written, row by row, as `whisper.decode` does."""
        found = []
        for row, (window, task) in enumerate(zip(self.windows, self.tasks, strict=True)):
            tokens = self.written[row, : int(self.lengths[row])].tolist()
            if self.tokenizer.eot in tokens:
                tokens = tokens[: tokens.index(self.tokenizer.eot)]
            text = task.tokenizer.decode(tokens).strip()
            found.append(
                DecodingResult(
                    audio_features=window.features,
                    language=window.options.language or "en",
                    tokens=tokens,
                    text=text,
                    avg_logprob=self.sums[row].item() / (len(tokens) + 1),
                    no_speech_prob=self.no_speech[row],
                    temperature=window.options.temperature,
                    compression_ratio=compression_ratio(text),
                )
            )
        return found


class _Cache:
    """Keys and values of the decoder's attention, for the rows still alive."""

    def __init__(self, decoder: Any, features: Tensor, longest: int) -> None:
        self.decoder, self.length = decoder, 0
        self.keys: list[Tensor] = []
        self.values: list[Tensor] = []
        self.sound_keys: list[Tensor] = []
        self.sound_values: list[Tensor] = []
        for block in decoder.blocks:
            sound = block.cross_attn
            self.sound_keys.append(_heads(sound, sound.key(features)))
            self.sound_values.append(_heads(sound, sound.value(features)))
            n, n_heads, _, width = self.sound_keys[-1].shape
            for held in (self.keys, self.values):
                held.append(features.new_empty((n, n_heads, longest, width)))

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        for held in (self.keys, self.values, self.sound_keys, self.sound_values):
            held[:] = [tensor[rows] for tensor in held]

    def forward(
        self, tokens: Tensor, positions: Tensor, mask: Tensor | None, dtype: torch.dtype
    ) -> Tensor:
        """Run tokens of shape (rows, n) through the decoder; give its hidden states."""
        decoder, n = self.decoder, tokens.shape[1]
        begin, self.length = self.length, self.length + n
        x = (decoder.token_embedding(tokens) + decoder.positional_embedding[positions]).to(dtype)
        for i, block in enumerate(decoder.blocks):
            attention, normed = block.attn, block.attn_ln(x)
            self.keys[i][:, :, begin : self.length] = _heads(attention, attention.key(normed))
            self.values[i][:, :, begin : self.length] = _heads(attention, attention.value(normed))
            looked = scaled_dot_product_attention(
                _heads(attention, attention.query(normed)),
                self.keys[i][:, :, : self.length],
                self.values[i][:, :, : self.length],
                attn_mask=mask,
                is_causal=mask is None and n > 1,
            )
            x = x + attention.out(_joined(looked))
            sound = block.cross_attn
            heard = scaled_dot_product_attention(
                _heads(sound, sound.query(block.cross_attn_ln(x))),
                self.sound_keys[i],
                self.sound_values[i],
            )
            x = x + sound.out(_joined(heard))
            x = x + block.mlp(block.mlp_ln(x))
        hidden: Tensor = decoder.ln(x)
        return hidden


def _heads(attention: Any, x: Tensor) -> Tensor:
    return x.view(*x.shape[:2], attention.n_head, -1).permute(0, 2, 1, 3)


def _joined(x: Tensor) -> Tensor:
    return x.permute(0, 2, 1, 3).flatten(start_dim=2)


class _Rules:
    """Which tokens may come next: whisper's logit filters, for all rows at once."""

    def __init__(self, model: Any, task: DecodingTask, n: int) -> None:
        options, tokenizer = task.options, task.tokenizer
        self.begin, self.eot = tokenizer.timestamp_begin, tokenizer.eot
        self.suppressed = list(task._get_suppress_tokens()) if options.suppress_tokens else []
        self.blank = [*tokenizer.encode(" "), tokenizer.eot] if options.suppress_blank else []
        self.stamps = not options.without_timestamps
        if self.stamps and tokenizer.no_timestamps is not None:
            self.suppressed.append(tokenizer.no_timestamps)
        precision = 30.0 / model.dims.n_audio_ctx
        first = options.max_initial_timestamp
        self.latest_first = round(first / precision) if first else None
        device = model.device
        self.stamp_ids = torch.arange(self.begin, model.dims.n_vocab, device=device)
        self.last_stamp = torch.full((n,), -1, dtype=torch.long, device=device)
        self.last_is_stamp = torch.zeros(n, dtype=torch.bool, device=device)
        self.before_is_stamp = torch.ones(n, dtype=torch.bool, device=device)

    def keep(self, rows: Tensor) -> None:
        """Forget all rows but these."""
        self.last_stamp, self.last_is_stamp = self.last_stamp[rows], self.last_is_stamp[rows]
        self.before_is_stamp = self.before_is_stamp[rows]

    def note(self, chosen: Tensor, *, first: bool) -> None:
        """Remember what was written."""
        is_stamp = chosen >= self.begin
        self.before_is_stamp = torch.ones_like(is_stamp) if first else self.last_is_stamp
        self.last_is_stamp = is_stamp
        self.last_stamp = torch.where(is_stamp, chosen, self.last_stamp)

    def apply(self, logits: Tensor, *, first: bool) -> None:
        """Rule out what may not come next, in place."""
        if first and self.blank:
            logits[:, self.blank] = -np.inf
        if self.suppressed:
            logits[:, self.suppressed] = -np.inf
        if not self.stamps:
            return
        # Timestamps come in pairs, except directly before the end.
        paired = self.last_is_stamp & self.before_is_stamp
        opened = self.last_is_stamp & ~self.before_is_stamp
        logits[:, self.begin :].masked_fill_(paired[:, None], -np.inf)
        logits[:, : self.eot].masked_fill_(opened[:, None], -np.inf)
        # They never go back; a new segment is not empty.
        least = torch.where(opened, self.last_stamp, self.last_stamp + 1)
        least = torch.where(self.last_stamp < 0, torch.zeros_like(least), least)
        logits[:, self.begin :].masked_fill_(self.stamp_ids[None] < least[:, None], -np.inf)
        if first:
            logits[:, : self.begin] = -np.inf
            if self.latest_first is not None:
                logits[:, self.begin + self.latest_first + 1 :] = -np.inf
        # Where a timestamp is likelier than any word, it is taken.
        chances = logits.log_softmax(dim=-1)
        stamps = chances[:, self.begin :].logsumexp(dim=-1)
        words = chances[:, : self.begin].max(dim=-1).values
        logits[:, : self.begin].masked_fill_((stamps > words)[:, None], -np.inf)
