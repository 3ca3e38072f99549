"""The subcommands of `python -m transcription`: each module has `main(arguments) -> status`."""
