"""Runs the command line from a checkout: ``python cli.py …``."""

from credit_workflow.cli.main import main

if __name__ == "__main__":
    main()
