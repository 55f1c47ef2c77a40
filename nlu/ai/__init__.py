"""How may a language model help to read, without ever speaking to a citizen?"""
