"""What a subject encloses, judged as a whole: an opening that shows the ground, or a part of its own."""
