"""A demonstration state, made through the product's own actions; nobody in it exists."""
