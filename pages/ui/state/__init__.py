"""What a person set: controls, the address, memory and undo."""
