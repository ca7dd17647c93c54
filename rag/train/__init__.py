"""Trains the reader: question-answer data in, a folder of weights out."""
