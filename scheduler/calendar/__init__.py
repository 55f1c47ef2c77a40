"""Which days does the commune work, and which days does the country remember?"""
