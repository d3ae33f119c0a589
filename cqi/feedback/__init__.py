"""What goes back after a review: the memo and its acknowledgement."""
