"""The screens of the add-ons in a browser without a window: pictures of them, what axe says."""
