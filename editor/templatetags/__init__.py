"""What templates of the editor and the desk may call."""
