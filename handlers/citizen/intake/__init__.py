"""How is a matter taken down in a chat, question by question, and then sent?"""
