"""Random prompts: choices, wildcards and variables, drawn by the dynamicprompts library."""
