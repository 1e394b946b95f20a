"""What a run came from: git commit and patch, packages, host, command line, notebook cells."""
