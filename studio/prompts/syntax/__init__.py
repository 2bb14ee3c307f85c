"""What is written in a prompt: brackets, weights, schedules, chunks, LoRA tags. Pure text."""
