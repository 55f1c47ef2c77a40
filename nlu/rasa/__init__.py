"""How does a Rasa server read citizens' texts beside the embedded engine?"""
