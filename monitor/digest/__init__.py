"""The daily mail: gathered, rendered, sent once, remembered."""
