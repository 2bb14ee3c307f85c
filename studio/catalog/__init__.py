"""What exists: samplers, model families, control types, checkpoints. Plain dicts of frozen specs; never torch."""
