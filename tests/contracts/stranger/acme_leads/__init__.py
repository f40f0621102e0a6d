"""The terms on which Acme takes leads back."""
