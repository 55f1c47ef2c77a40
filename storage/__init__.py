"""Tables, the vault, inbox, outbox and evidence; imports nothing of ours."""
