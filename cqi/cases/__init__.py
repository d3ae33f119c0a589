"""The cases that a frame is made of; the least personal data that works."""
