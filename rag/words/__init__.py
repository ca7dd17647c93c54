"""The words of a text: its sentences, the names it mentions, its language and its quotations."""
