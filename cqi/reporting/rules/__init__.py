"""What a report may say: its definition, its sentences, what it picks out. Pure."""
