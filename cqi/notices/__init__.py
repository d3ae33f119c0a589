"""What people are told: on screen and by e-mail. The table of notices is the list and the queue."""
