"""An application with the kinds of columns and constraints that Django has."""
