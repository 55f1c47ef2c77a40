"""How do people of the commune look at the files that citizens sent?"""
