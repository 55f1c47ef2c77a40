"""Which days are greeted, from which hour, and whom does the greeting reach?"""
