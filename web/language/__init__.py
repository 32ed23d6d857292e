"""The reader's language: who reads which, and sentences of the rooms below the pages in it."""
