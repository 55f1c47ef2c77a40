"""Who is told when a case is about to be late, or is?"""
