"""How does the unit's reader learn from what people of the commune approve?"""
