"""Who may call, and how often: keys and rates. Nothing here knows what is asked for."""
