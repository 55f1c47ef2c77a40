"""Is what we store durable, ordered, private and provable?"""
