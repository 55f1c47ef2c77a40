"""How does a commune keep to what it promised about people's data?"""
