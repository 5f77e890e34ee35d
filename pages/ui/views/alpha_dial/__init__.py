"""The α dial: one control from the reverse fit to the forward one."""
