"""How does a citizen get a written complaint to sign, asked for piece by piece?"""
