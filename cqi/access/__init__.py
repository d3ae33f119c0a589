"""People, sign-in, grants, permissions, the Actor and the route guard."""
