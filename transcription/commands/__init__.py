"""The subcommands of `python -m transcription`, one module each: `main(arguments) -> exit status`."""
