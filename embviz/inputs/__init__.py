"""What people type, send or upload → clean values, or one sentence that says what to do."""
