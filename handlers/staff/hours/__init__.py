"""When is the office open, which days are off, as the commune says in the console?"""
