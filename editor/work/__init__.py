"""What starts and moves work: orders, messages, the pipeline, maintenance. Messages name no row."""
