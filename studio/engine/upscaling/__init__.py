"""Enlarging pictures with the networks spandrel knows (Real-ESRGAN and its relatives), or by plain resampling."""
