"""What do leaders hear at 7:30 on working days?"""
