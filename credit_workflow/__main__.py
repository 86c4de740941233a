"""``python -m credit_workflow`` is the same as ``credit-workflow``."""

from credit_workflow.cli.main import main

if __name__ == "__main__":
    main()
