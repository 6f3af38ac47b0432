"""Property tests here are about what holds, not how fast: a busy machine fails none of them."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("domain", deadline=None, parent=settings.default)
settings.load_profile("domain")
