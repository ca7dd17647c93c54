"""What arithmetic the processor has; torch is handed in, so that asking does not load it."""

from __future__ import annotations

from typing import Any

__all__ = ["has_bfloat16"]


def has_bfloat16(torch: Any) -> bool:
    """Whether products of bfloat16 are native here; elsewhere they are slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    found = [
        getattr(torch.cpu, f"_is_{name}_supported", None) for name in ("avx512_bf16", "amx_tile")
    ]
    return any(bool(ask()) for ask in found if ask is not None)
