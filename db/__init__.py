"""Facts: the tables, and plain functions that ask and change them."""
