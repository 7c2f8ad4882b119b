"""One file per platform: its typed settings and its translation; the folder is the registry."""
