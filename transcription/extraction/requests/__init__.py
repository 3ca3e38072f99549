"""What communes ask for (kiến nghị): who asks whom for what, and what became of it."""
