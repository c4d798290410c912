"""What the user has on this computer: downloaded, imported and computed."""
