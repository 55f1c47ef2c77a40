"""Pages about wording: sentences of the chat, replies to start from."""
