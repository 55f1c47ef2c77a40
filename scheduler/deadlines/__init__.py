"""When must an answer be given, by which law, and by which of our own promises?"""
