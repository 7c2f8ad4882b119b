"""Rules over the brief, and telling people when one fires."""
