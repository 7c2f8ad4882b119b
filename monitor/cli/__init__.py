"""One verb, one file; `main` is the command `monitor`."""

import typer

app = typer.Typer(no_args_is_help=True, help="The campaign monitor.")


def main() -> None:
    """Run the command line."""
    app()
