"""What is searched for, where and when."""
