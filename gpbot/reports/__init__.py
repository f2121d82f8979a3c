"""Reports: from the form to the close, read only by their readers."""
