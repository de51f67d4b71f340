"""What the operating system tells and does: who a process is, where processes of one workspace meet, which file
system holds the home, and how a whole process tree is ended."""
