"""Our words: plain frozen values, no input or output."""
