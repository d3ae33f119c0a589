"""Case review and continuous quality improvement for child-welfare agencies."""

__version__ = "0.1.0"
