"""What is odd in a prompt, by subject; ``rules`` runs them all."""
