"""Who is on duty, and what is wrong with the roster of the coming days?"""
