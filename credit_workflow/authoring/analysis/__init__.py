"""What `workflow check` finds in sound definitions: they load, and yet something in them can't be meant.

The checks of `credit_workflow.definition.rules.soundness` keep a definition from loading; what is found
here is reported, and may be called meant with a reason (``checks.meant``).
"""
