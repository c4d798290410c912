"""The Processing provider `dbar`."""
