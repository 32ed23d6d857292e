"""What the desk shows of a photo, tool by tool: a file for each, with its sight and its button."""
