"""How do the people of the commune take a talk over and hand it back?"""
