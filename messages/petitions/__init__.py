"""Which papers does the law want signed, blank or filled in by what was told?"""
