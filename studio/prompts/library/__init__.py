"""The prompt library: entries, templates, wildcards, their files, and how they are found."""
