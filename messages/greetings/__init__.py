"""What does a greeting say, on each road and in each year?"""
