"""What is true of Slack whatever gpbot does: what arrives, what is answered, and the one way out."""
