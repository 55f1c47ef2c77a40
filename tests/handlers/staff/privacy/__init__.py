"""Are promises about people's data kept?"""
