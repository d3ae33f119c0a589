"""What forms and pages are made of: fields, widgets, and the template macros in templates/ui/."""
