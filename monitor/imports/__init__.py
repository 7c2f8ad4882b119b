"""Files that people have, from other tools and from the platforms themselves."""
