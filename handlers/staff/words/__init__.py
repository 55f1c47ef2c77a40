"""What a commune says its own way: sentences of the chat, replies to start from."""
