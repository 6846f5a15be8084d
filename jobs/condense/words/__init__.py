"""One TOML file of words per language; `en.toml` explains the lists."""
