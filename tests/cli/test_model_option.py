"""What the help of --model says."""

from __future__ import annotations


def test_the_help_says_how_to_name_a_model_at_an_endpoint(rag) -> None:
    done = rag("ask", "--help")
    assert "#NAME" in done.out
