"""The articles of one story become a brief of three panels."""
