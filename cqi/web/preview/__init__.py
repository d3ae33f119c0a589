"""The scoring pages of a draft, without a database; what is answered stays in memory."""
