"""Records of the sandbox in the platform's JSON shapes."""
