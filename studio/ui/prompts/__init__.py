"""The Prompts page, and the library beside the prompt editor."""
