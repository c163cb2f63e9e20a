"""What it costs to buy a place on the list: attacks on a conversation, and what they achieve. docs/attacks.md."""
