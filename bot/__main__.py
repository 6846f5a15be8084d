"""`python -m bot` is `triptych`."""

from bot.cli import main

main()
