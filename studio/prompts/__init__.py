"""The text side of a prompt: A1111's grammar, LoRA tags, comments, 75-token chunks and token counts. No tensors."""
