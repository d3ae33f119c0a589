"""The Flask shell: the pages' frame, static files, what every page shares."""
