"""Encryption of copies that travel, in the format of age (age-encryption.org/v1). A leaf room."""
