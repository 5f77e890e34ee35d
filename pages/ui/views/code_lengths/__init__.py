"""The view "Code lengths": its presets, its engine results, its charts and its words."""
