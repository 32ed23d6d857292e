"""What protects accounts: wrong passwords counted, tries paced, and passwords that the studio makes up."""
