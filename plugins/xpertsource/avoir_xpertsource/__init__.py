"""The terms of XpertSource."""
