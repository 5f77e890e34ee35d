"""The player of motions: play, pause, step, scrub and speed."""
