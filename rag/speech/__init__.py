"""Who says a sentence, as opposed to who wrote it."""
