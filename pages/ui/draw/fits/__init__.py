"""The draggable stage of a target and its two best fits."""
