"""What a commune says in its own words: sentences of the chat, replies to start from."""
